-- What a count of one item found it at: undone, the count before it is the last one again.
create table inventory_counted_once (
    posting blob not null,
    item blob not null,
    location blob not null,
    counted_at integer not null,
    counted_by text not null,
    primary key (posting, item)
) strict, without rowid;
create index inventory_counted_once_item on inventory_counted_once (location, item, counted_at);

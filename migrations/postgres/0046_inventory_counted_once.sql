-- What a count of one item found it at: undone, the count before it is the last one again.
create table inventory_counted_once (
    posting uuid not null,
    item uuid not null,
    location uuid not null,
    counted_at bigint not null,
    counted_by text collate "C" not null,
    primary key (posting, item)
);
create index inventory_counted_once_item on inventory_counted_once (location, item, counted_at);

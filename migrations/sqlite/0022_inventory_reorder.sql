-- How an item is bought in a store, beside its minimum and maximum.

create table inventory_reorder (
    store blob not null,
    item blob not null,
    safety integer null,
    cover_days integer null,
    snoozed_until text null,
    primary key (store, item)
) strict, without rowid;

-- What is to come of an item is asked for with its stock.
create index inventory_purchase_line_item on inventory_purchase_line (item, paper);

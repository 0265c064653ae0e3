-- How an item is bought in a store, beside its minimum and maximum.

create table inventory_reorder (
    store uuid not null,
    item uuid not null,
    safety bigint null,
    cover_days bigint null,
    snoozed_until text collate "C" null,
    primary key (store, item)
);

-- What is to come of an item is asked for with its stock.
create index inventory_purchase_line_item on inventory_purchase_line (item, paper);

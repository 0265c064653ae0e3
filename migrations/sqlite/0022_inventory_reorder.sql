-- How an item is bought in a store, beside its minimum and maximum.

create table inventory_reorder (
    store blob not null,
    item blob not null,
    safety integer null,
    cover_days integer null,
    snoozed_until text null,
    primary key (store, item)
) strict, without rowid;

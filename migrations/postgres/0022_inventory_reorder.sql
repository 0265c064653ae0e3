-- How an item is bought in a store, beside its minimum and maximum.

create table inventory_reorder (
    store uuid not null,
    item uuid not null,
    safety bigint null,
    cover_days bigint null,
    snoozed_until text collate "C" null,
    primary key (store, item)
);

-- From which hour on a store's orders are drafted each day, and the last day on which they were.
create table inventory_morning (
    store uuid not null primary key,
    hour bigint not null,
    done_on text collate "C" null
);

-- Why a line was proposed, as it was known then.
alter table inventory_purchase_line add column why text collate "C" null;

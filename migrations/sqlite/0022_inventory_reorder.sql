-- How an item is bought in a store, beside its minimum and maximum.

create table inventory_reorder (
    store blob not null,
    item blob not null,
    safety integer null,
    cover_days integer null,
    snoozed_until text null,
    primary key (store, item)
) strict, without rowid;

-- From which hour on a store's orders are drafted each day, and the last day on which they were.
create table inventory_morning (
    store blob not null primary key,
    hour integer not null,
    done_on text null
) strict, without rowid;

-- Why a line was proposed, as it was known then.
alter table inventory_purchase_line add column why text null;

-- How each item is costed, and what deliveries cost as it was told after they came.

alter table inventory_item add column costing text not null default 'fifo';

create table inventory_cost (
    id blob not null primary key,
    payload_hash blob not null,
    receipt blob not null,
    journal blob not null
) strict, without rowid;

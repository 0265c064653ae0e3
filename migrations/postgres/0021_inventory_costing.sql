-- How each item is costed, and what deliveries cost as it was told after they came.

alter table inventory_item add column costing text collate "C" not null default 'fifo';

create table inventory_cost (
    id uuid not null primary key,
    payload_hash bytea not null,
    receipt uuid not null,
    journal uuid not null
);

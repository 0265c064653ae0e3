-- Promises: goods that are kept for somebody, and the orders of customers.

-- `reserved` changes without a movement, so it has a version of its own: `version` stays the number of movements.
alter table inventory_balance add column reserved_version bigint not null default 0;

create table inventory_reservation (
    id uuid not null primary key,
    store uuid not null,
    location uuid not null,
    item uuid not null,
    lot uuid null,
    quantity bigint not null check (quantity > 0),
    fulfilled bigint not null check (fulfilled >= 0),
    kind text collate "C" not null,
    document uuid null,
    line bigint null,
    state text collate "C" not null,
    expires_at bigint null,
    principal text collate "C" not null,
    author text collate "C" not null,
    created_at bigint not null,
    changed_at bigint not null,
    journal uuid not null,
    check (fulfilled <= quantity)
);
create index inventory_reservation_held on inventory_reservation (item, store) where state = 'active';
create index inventory_reservation_end on inventory_reservation (expires_at) where state = 'active';
create index inventory_reservation_document on inventory_reservation (document, line);
create index inventory_reservation_store on inventory_reservation (store, state, created_at, id);

-- What an order has beside its header. Who it is for may have to be erased, so the journal does not know.
create table inventory_order (
    paper uuid not null primary key,
    customer text collate "C" null,
    contact text collate "C" null
);

-- What was wanted is reserved, waited for, handed over or cancelled; a draft's lines are none of it yet.
create table inventory_order_line (
    paper uuid not null,
    line bigint not null,
    store uuid not null,
    location uuid not null,
    item uuid not null,
    quantity bigint not null check (quantity > 0),
    unit_price bigint null,
    reserved bigint not null check (reserved >= 0),
    picked bigint not null check (picked >= 0),
    fulfilled bigint not null check (fulfilled >= 0),
    backordered bigint not null check (backordered >= 0),
    cancelled bigint not null check (cancelled >= 0),
    since bigint null,
    primary key (paper, line),
    check (picked <= reserved)
);
create index inventory_order_line_waiting on inventory_order_line (item, store, since) where backordered > 0;

-- Promises: goods that are kept for somebody, and the orders of customers.

-- `reserved` changes without a movement, so it has a version of its own: `version` stays the number of movements.
alter table inventory_balance add column reserved_version integer not null default 0;

create table inventory_reservation (
    id blob not null primary key,
    store blob not null,
    location blob not null,
    item blob not null,
    lot blob null,
    quantity integer not null check (quantity > 0),
    fulfilled integer not null check (fulfilled >= 0),
    kind text not null,
    document blob null,
    line integer null,
    state text not null,
    expires_at integer null,
    principal text not null,
    author text not null,
    created_at integer not null,
    changed_at integer not null,
    journal blob not null,
    check (fulfilled <= quantity)
) strict, without rowid;
create index inventory_reservation_held on inventory_reservation (item, store) where state = 'active';
create index inventory_reservation_end on inventory_reservation (expires_at) where state = 'active';
create index inventory_reservation_document on inventory_reservation (document, line);
create index inventory_reservation_store on inventory_reservation (store, state, created_at, id);

-- What an order has beside its header. Who it is for may have to be erased, so the journal does not know.
create table inventory_order (
    paper blob not null primary key,
    customer text null,
    contact text null
) strict, without rowid;

-- What was wanted is reserved, waited for, handed over or cancelled; a draft's lines are none of it yet.
create table inventory_order_line (
    paper blob not null,
    line integer not null,
    store blob not null,
    location blob not null,
    item blob not null,
    quantity integer not null check (quantity > 0),
    unit_price integer null,
    reserved integer not null check (reserved >= 0),
    picked integer not null check (picked >= 0),
    fulfilled integer not null check (fulfilled >= 0),
    backordered integer not null check (backordered >= 0),
    cancelled integer not null check (cancelled >= 0),
    since integer null,
    primary key (paper, line),
    check (picked <= reserved)
) strict, without rowid;
create index inventory_order_line_waiting on inventory_order_line (item, store, since) where backordered > 0;

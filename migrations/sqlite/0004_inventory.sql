-- Inventory: stores and their places, items, the double-entry ledger and its balances.

create table inventory_store (
    id blob not null primary key,
    code text not null,
    name text not null,
    currency text not null,
    time_zone text not null,
    created_at integer not null
) strict, without rowid;
create unique index inventory_store_code on inventory_store (code);

create table inventory_location (
    id blob not null primary key,
    store blob not null references inventory_store (id),
    parent blob null references inventory_location (id),
    code text not null,
    name text not null,
    kind text not null
) strict, without rowid;
create unique index inventory_location_code on inventory_location (store, code);

create table inventory_item (
    id blob not null primary key,
    sku text not null,
    name text not null,
    unit text not null,
    kind text not null,
    price integer null,
    promise_policy text not null,
    search text not null,
    created_at integer not null,
    archived_at integer null
) strict, without rowid;
create unique index inventory_item_sku on inventory_item (sku);
create index inventory_item_by_sku on inventory_item (kind, archived_at, sku, id);
create index inventory_item_by_name on inventory_item (kind, archived_at, name, id);

create table inventory_barcode (
    code text not null primary key,
    item blob not null references inventory_item (id)
) strict, without rowid;
create index inventory_barcode_item on inventory_barcode (item);

-- Every id that was ever sent, with what became of it.
-- No foreign keys from here on: each would lock the store's or the item's row with every sale; `verify` checks them.
create table inventory_posting (
    id blob not null primary key,
    payload_hash blob not null,
    kind text not null,
    outcome text not null,
    answer text not null,
    store blob not null,
    number text null,
    principal text not null,
    actor text not null,
    device text not null,
    occurred_at integer not null,
    recorded_at integer not null,
    reverses blob null,
    journal blob not null
) strict, without rowid;
create unique index inventory_posting_reverses on inventory_posting (reverses) where reverses is not null;

-- The only truth. `version` is the one that this movement gave to the balance of its physical end.
create table inventory_movement (
    posting blob not null,
    line integer not null,
    item blob not null,
    lot blob null,
    store blob not null,
    from_location blob not null,
    to_location blob not null,
    condition text not null,
    quantity integer not null check (quantity > 0),
    unit_price integer null,
    reason text null,
    version integer null,
    occurred_at integer not null,
    recorded_at integer not null,
    primary key (posting, line),
    check (from_location <> to_location)
) strict, without rowid;
create index inventory_movement_item on inventory_movement (item, store, recorded_at);
create index inventory_movement_store on inventory_movement (store, recorded_at, posting, line);

create trigger inventory_movement_stays before update on inventory_movement
begin select raise(abort, 'movements are never changed'); end;
create trigger inventory_movement_remains before delete on inventory_movement
begin select raise(abort, 'movements are never removed'); end;
create trigger inventory_posting_stays before update on inventory_posting
begin select raise(abort, 'postings are never changed'); end;
create trigger inventory_posting_remains before delete on inventory_posting
begin select raise(abort, 'postings are never removed'); end;

-- What is where. Physical locations only: a balance for "customer" would be the hottest row in the world.
create table inventory_balance (
    location blob not null,
    item blob not null,
    lot blob not null,
    condition text not null,
    store blob not null,
    on_hand integer not null,
    reserved integer not null check (reserved >= 0),
    version integer not null,
    primary key (location, item, lot, condition)
) strict, without rowid;
create index inventory_balance_item on inventory_balance (item, store);
create index inventory_balance_on_hand on inventory_balance (location, on_hand, item);

create table inventory_exception (
    id blob not null primary key,
    kind text not null,
    store blob not null,
    location blob not null,
    item blob not null,
    opened_by blob not null,
    opened_at integer not null,
    state text not null
) strict, without rowid;
create unique index inventory_exception_open on inventory_exception (location, item, kind) where state = 'open';
create index inventory_exception_store on inventory_exception (store, state, opened_at);

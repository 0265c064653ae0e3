-- Inventory: stores and their places, items, the double-entry ledger and its balances.

create table inventory_store (
    id uuid not null primary key,
    code text collate "C" not null,
    name text collate "C" not null,
    currency text collate "C" not null,
    time_zone text collate "C" not null,
    created_at bigint not null
);
create unique index inventory_store_code on inventory_store (code);

create table inventory_location (
    id uuid not null primary key,
    store uuid not null references inventory_store (id),
    parent uuid null references inventory_location (id),
    code text collate "C" not null,
    name text collate "C" not null,
    kind text collate "C" not null
);
create unique index inventory_location_code on inventory_location (store, code);

create table inventory_item (
    id uuid not null primary key,
    sku text collate "C" not null,
    name text collate "C" not null,
    unit text collate "C" not null,
    kind text collate "C" not null,
    price bigint null,
    promise_policy text collate "C" not null,
    search text collate "C" not null,
    created_at bigint not null,
    archived_at bigint null
);
create unique index inventory_item_sku on inventory_item (sku);
create index inventory_item_by_sku on inventory_item (kind, archived_at, sku, id);
create index inventory_item_by_name on inventory_item (kind, archived_at, name, id);

create table inventory_barcode (
    code text collate "C" not null primary key,
    item uuid not null references inventory_item (id)
);
create index inventory_barcode_item on inventory_barcode (item);

-- Every id that was ever sent, with what became of it.
-- No foreign keys from here on: each would lock the store's or the item's row with every sale; `verify` checks them.
create table inventory_posting (
    id uuid not null primary key,
    payload_hash bytea not null,
    kind text collate "C" not null,
    outcome text collate "C" not null,
    answer text collate "C" not null,
    store uuid not null,
    number text collate "C" null,
    principal text collate "C" not null,
    actor text collate "C" not null,
    device text collate "C" not null,
    occurred_at bigint not null,
    recorded_at bigint not null,
    reverses uuid null,
    journal uuid not null
);
create unique index inventory_posting_reverses on inventory_posting (reverses) where reverses is not null;

-- The only truth. `version` is the one that this movement gave to the balance of its physical end.
create table inventory_movement (
    posting uuid not null,
    line bigint not null,
    item uuid not null,
    lot uuid null,
    store uuid not null,
    from_location uuid not null,
    to_location uuid not null,
    condition text collate "C" not null,
    quantity bigint not null check (quantity > 0),
    unit_price bigint null,
    reason text collate "C" null,
    version bigint null,
    occurred_at bigint not null,
    recorded_at bigint not null,
    primary key (posting, line),
    check (from_location <> to_location)
);
create index inventory_movement_item on inventory_movement (item, store, recorded_at);
create index inventory_movement_store on inventory_movement (store, recorded_at, posting, line);

create function inventory_refuse() returns trigger language plpgsql as $$
begin
    raise exception '% is never changed', tg_table_name;
end
$$;
create trigger inventory_movement_stays before update or delete or truncate on inventory_movement
for each statement execute function inventory_refuse();
create trigger inventory_posting_stays before update or delete or truncate on inventory_posting
for each statement execute function inventory_refuse();

-- What is where. Physical locations only: a balance for "customer" would be the hottest row in the world.
create table inventory_balance (
    location uuid not null,
    item uuid not null,
    lot uuid not null,
    condition text collate "C" not null,
    store uuid not null,
    on_hand bigint not null,
    reserved bigint not null check (reserved >= 0),
    version bigint not null,
    primary key (location, item, lot, condition)
);
create index inventory_balance_item on inventory_balance (item, store);
create index inventory_balance_on_hand on inventory_balance (location, on_hand, item);

create table inventory_exception (
    id uuid not null primary key,
    kind text collate "C" not null,
    store uuid not null,
    location uuid not null,
    item uuid not null,
    opened_by uuid not null,
    opened_at bigint not null,
    state text collate "C" not null
);
create unique index inventory_exception_open on inventory_exception (location, item, kind) where state = 'open';
create index inventory_exception_store on inventory_exception (store, state, opened_at);

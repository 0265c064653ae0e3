-- Lots: what of an item was made together, until when it is good, and where it lies.

alter table inventory_item add column tracking text not null default 'none';

create table inventory_lot (
    id uuid not null primary key,
    item uuid not null,
    code text not null,
    expires_on text null,
    status text not null,
    journal uuid not null
);
create unique index inventory_lot_code on inventory_lot (item, code);

-- Of which lots a balance is made; what is of no lot has no row.
create table inventory_lot_balance (
    location uuid not null,
    item uuid not null,
    lot uuid not null,
    condition text not null,
    store uuid not null,
    on_hand bigint not null,
    -- The lot's last good day, or the last of all days: it never changes.
    until text not null,
    primary key (location, item, lot, condition)
);
create index inventory_lot_balance_lot on inventory_lot_balance (lot, store);
-- What of a store expires next.
create index inventory_lot_balance_until on inventory_lot_balance (store, until, lot) where on_hand <> 0;

-- Of which lots a movement was.
create table inventory_lot_movement (
    posting uuid not null,
    line bigint not null,
    lot uuid not null,
    quantity bigint not null check (quantity > 0),
    primary key (posting, line, lot)
);
create index inventory_lot_movement_lot on inventory_lot_movement (lot, posting, line);
create trigger inventory_lot_movement_stays before update or delete or truncate on inventory_lot_movement
for each statement execute function inventory_refuse();

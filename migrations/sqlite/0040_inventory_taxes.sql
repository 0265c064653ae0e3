-- Tax classes: what share of a price is tax, by the day from which it holds.
create table inventory_tax_class (
    id blob not null primary key,
    name text not null,
    -- The name in small letters.
    key text not null,
    version integer not null,
    created_at integer not null
) strict, without rowid;
create unique index inventory_tax_class_key on inventory_tax_class (key);

-- The rate in 1/100 000 percent; the day on the store's own clock, empty for ever.
create table inventory_tax_rate (
    class blob not null,
    from_day text not null,
    rate integer not null check (rate >= 0),
    primary key (class, from_day)
) strict, without rowid;

alter table inventory_item add column tax_class blob null;
create index inventory_item_tax_class on inventory_item (tax_class, sku);

-- The tax included in a sale or what was paid back, by rate: kept with it, whatever the classes say later.
create table inventory_tax (
    posting blob not null,
    rate integer not null,
    store blob not null,
    -- The day on the store's own clock.
    day text not null,
    gross integer not null,
    tax integer not null,
    primary key (posting, rate)
) strict, without rowid;
create index inventory_tax_day on inventory_tax (store, day, rate);

create trigger inventory_tax_stays before update on inventory_tax
begin select raise(abort, 'taxes of a sale are never changed'); end;
create trigger inventory_tax_remains before delete on inventory_tax
begin select raise(abort, 'taxes of a sale are never removed'); end;

-- Tax classes: what share of a price is tax, by the day from which it holds.
create table inventory_tax_class (
    id uuid not null primary key,
    name text collate "C" not null,
    -- The name in small letters.
    key text collate "C" not null,
    version bigint not null,
    created_at bigint not null
);
create unique index inventory_tax_class_key on inventory_tax_class (key);

-- The rate in 1/100 000 percent; the day on the store's own clock, empty for ever.
create table inventory_tax_rate (
    class uuid not null,
    from_day text collate "C" not null,
    rate bigint not null check (rate >= 0),
    primary key (class, from_day)
);

alter table inventory_item add column tax_class uuid null;
create index inventory_item_tax_class on inventory_item (tax_class, sku);

-- The tax included in a sale or what was paid back, by rate: kept with it, whatever the classes say later.
create table inventory_tax (
    posting uuid not null,
    rate bigint not null,
    store uuid not null,
    -- The day on the store's own clock.
    day text collate "C" not null,
    gross bigint not null,
    tax bigint not null,
    primary key (posting, rate)
);
create index inventory_tax_day on inventory_tax (store, day, rate);

create trigger inventory_tax_stays before update or delete or truncate on inventory_tax
for each statement execute function inventory_refuse();

-- Packs: a barcode with a name stands for so many of its item, such as a case of 12; one without stands for one.

alter table inventory_barcode add column name text null;
alter table inventory_barcode add column quantity integer not null default 100000 check (quantity > 0);

-- Categories: what kinds of goods there are; each name once, whatever its capitals.
create table inventory_category (
    id blob not null primary key,
    name text not null,
    -- The name in small letters.
    key text not null,
    created_at integer not null
) strict, without rowid;
create unique index inventory_category_key on inventory_category (key);
alter table inventory_item add column category blob null;
create index inventory_item_category on inventory_item (category, sku);

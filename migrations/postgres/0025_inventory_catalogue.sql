-- Packs: a barcode with a name stands for so many of its item, such as a case of 12; one without stands for one.

alter table inventory_barcode add column name text collate "C" null;
alter table inventory_barcode add column quantity bigint not null default 100000 check (quantity > 0);

-- Categories: what kinds of goods there are; each name once, whatever its capitals.
create table inventory_category (
    id uuid not null primary key,
    name text collate "C" not null,
    -- The name in small letters.
    key text collate "C" not null,
    created_at bigint not null
);
create unique index inventory_category_key on inventory_category (key);
alter table inventory_item add column category uuid null;
create index inventory_item_category on inventory_item (category, sku);

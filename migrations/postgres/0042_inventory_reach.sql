-- Lists that are narrowed down are read from what is rarest: the items that hold a typed text, and those without a barcode.

-- What is searched, by every three letters that stand together in it.
create extension if not exists pg_trgm;
create index inventory_item_search on inventory_item using gin (search gin_trgm_ops);
create view inventory_search (item, search) as select id, search from inventory_item;

-- The items without a barcode.
create table inventory_bare (
    item uuid not null primary key
);
insert into inventory_bare (item)
select id from inventory_item i where not exists (select 1 from inventory_barcode b where b.item = i.id);
create function inventory_items_bare() returns trigger language plpgsql as $$
begin
    insert into inventory_bare (item) select id from came;
    return null;
end
$$;
create trigger inventory_item_bare after insert on inventory_item referencing new table as came
for each statement execute function inventory_items_bare();
create function inventory_barcodes_added() returns trigger language plpgsql as $$
begin
    delete from inventory_bare b using came where b.item = came.item;
    return null;
end
$$;
create trigger inventory_barcode_added after insert on inventory_barcode referencing new table as came
for each statement execute function inventory_barcodes_added();
create function inventory_barcodes_gone() returns trigger language plpgsql as $$
begin
    insert into inventory_bare (item)
    select distinct gone.item from gone
    where not exists (select 1 from inventory_barcode b where b.item = gone.item)
    on conflict (item) do nothing;
    return null;
end
$$;
create trigger inventory_barcode_gone after delete on inventory_barcode referencing old table as gone
for each statement execute function inventory_barcodes_gone();

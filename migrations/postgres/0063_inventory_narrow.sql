-- What a list of items is narrowed down to stands in its order: what runs low or is short in a store, and what has no
-- barcode. A page of it is read from an index, and what it does not show is not looked at.

drop trigger inventory_item_bare on inventory_item;
drop trigger inventory_barcode_added on inventory_barcode;
drop trigger inventory_barcode_gone on inventory_barcode;
drop function inventory_items_bare();
drop function inventory_barcodes_added();
drop function inventory_barcodes_gone();
drop table inventory_bare;
drop index inventory_balance_low;
drop index inventory_limit_unmoved;

-- Which items are low, short or bare; the latter wherever they are.
create view inventory_narrowed (list, store, item) as
select 'low', b.store, b.item from inventory_balance b where b.on_hand <= b.minimum
union all select 'low', l.store, l.item from inventory_limit l where l.moved = 0 and l.minimum is not null
union all select 'short', b.store, b.item
from inventory_balance b join inventory_location p on p.id = b.location and p.code = 'SHOP'
where b.on_hand <= 0 and b.lot = '00000000-0000-0000-0000-000000000000' and b.condition = 'sellable'
union all select 'bare', cast('00000000-0000-0000-0000-000000000000' as uuid), i.id
from inventory_item i where not exists (select 1 from inventory_barcode c where c.item = i.id);

-- Where they stand in their list, of the whole house and of their category. What is of the whole house has the nil category.
create view inventory_narrow_listed (list, store, category, item, archived, sku, name) as
select n.list, n.store, case k.own when 1 then i.category else cast('00000000-0000-0000-0000-000000000000' as uuid) end, i.id,
       case when i.archived_at is null then 0 else 1 end, i.sku, i.name
from inventory_narrowed n
join inventory_item i on i.id = n.item and (n.list = 'bare' or i.kind = 'stocked')
join (select 0 as own union all select 1) k on k.own = 0 or i.category is not null;

create table inventory_narrow (
    list text collate "C" not null,
    store uuid not null,
    category uuid not null,
    item uuid not null,
    archived bigint not null,
    sku text collate "C" not null,
    name text collate "C" not null,
    primary key (item, store, list, category)
);
create index inventory_narrow_by_sku on inventory_narrow (list, store, category, archived, sku, item);
create index inventory_narrow_by_name on inventory_narrow (list, store, category, archived, name, item);
insert into inventory_narrow (list, store, category, item, archived, sku, name)
select list, store, category, item, archived, sku, name from inventory_narrow_listed where true
on conflict do nothing;

-- Whoever writes an item, a balance or a limit need not think of it. Whoever changes an item takes its balances, in the
-- order in which all take them, and then looks; so a sale that crosses a line either is seen or sees.
create function inventory_narrow_anew(of_item uuid, of_store uuid) returns void language plpgsql as $$
begin
    delete from inventory_narrow where item = of_item and store = of_store;
    insert into inventory_narrow (list, store, category, item, archived, sku, name)
    select list, store, category, item, archived, sku, name from inventory_narrow_listed
    where item = of_item and store = of_store
    on conflict do nothing;
end
$$;
create function inventory_items_narrow() returns trigger language plpgsql as $$
begin
    insert into inventory_narrow (list, store, category, item, archived, sku, name)
    select 'bare', cast('00000000-0000-0000-0000-000000000000' as uuid), of.category, i.id,
           case when i.archived_at is null then 0 else 1 end, i.sku, i.name
    from came i
    cross join lateral (values (cast('00000000-0000-0000-0000-000000000000' as uuid)), (i.category)) of (category)
    where of.category is not null
    on conflict do nothing;
    return null;
end
$$;
create trigger inventory_item_narrow after insert on inventory_item referencing new table as came
for each statement execute function inventory_items_narrow();
-- Each is looked up by itself, however few there were when this was planned.
create function inventory_items_narrow_anew() returns trigger language plpgsql as $$
declare
    changed uuid[] := array(
        select distinct id
        from (select id, sku, name, kind, archived_at, category from went
              union all select id, sku, name, kind, archived_at, category from came) both_of
        group by id, sku, name, kind, archived_at, category
        having count(*) = 1);
begin
    if cardinality(changed) > 0 then
        perform 1 from (
            select 1 from inventory_balance b join inventory_location p on p.id = b.location and p.code = 'SHOP'
            where b.item = any (changed) and b.lot = '00000000-0000-0000-0000-000000000000'
              and b.condition = 'sellable'
            order by b.location, b.item for share of b) held;
        delete from inventory_narrow where item = any (changed);
        insert into inventory_narrow (list, store, category, item, archived, sku, name)
        select l.list, l.store, l.category, l.item, l.archived, l.sku, l.name
        from unnest(changed) of (id)
        cross join lateral (select * from inventory_narrow_listed listed where listed.item = of.id offset 0) l
        on conflict do nothing;
    end if;
    return null;
end
$$;
create trigger inventory_items_narrow_anew after update on inventory_item
referencing old table as went new table as came
for each statement execute function inventory_items_narrow_anew();
create function inventory_barcodes_added() returns trigger language plpgsql as $$
begin
    delete from inventory_narrow n using came
    where n.item = came.item and n.store = cast('00000000-0000-0000-0000-000000000000' as uuid) and n.list = 'bare';
    return null;
end
$$;
create trigger inventory_barcode_added after insert on inventory_barcode referencing new table as came
for each statement execute function inventory_barcodes_added();
create function inventory_barcodes_gone() returns trigger language plpgsql as $$
begin
    insert into inventory_narrow (list, store, category, item, archived, sku, name)
    select l.list, l.store, l.category, l.item, l.archived, l.sku, l.name
    from (select distinct item from gone) of
    cross join lateral (select * from inventory_narrow_listed listed
                        where listed.item = of.item and listed.list = 'bare' offset 0) l
    on conflict do nothing;
    return null;
end
$$;
create trigger inventory_barcode_gone after delete on inventory_barcode referencing old table as gone
for each statement execute function inventory_barcodes_gone();
create function inventory_balance_narrow() returns trigger language plpgsql as $$
declare
    of inventory_balance := coalesce(new, old);
begin
    if exists (select 1 from inventory_location p where p.id = of.location and p.code = 'SHOP') then
        if tg_op = 'INSERT' then
            -- Nobody who changes the item, or limits it, can take a balance that is not there yet.
            perform 1 from inventory_item i where i.id = of.item for share;
        end if;
        perform inventory_narrow_anew(of.item, of.store);
    end if;
    return null;
end
$$;
-- Before the balance hears of its minimum, which nobody changes meanwhile.
create trigger inventory_balance_narrow_new after insert on inventory_balance for each row
when (new.lot = '00000000-0000-0000-0000-000000000000' and new.condition = 'sellable')
execute function inventory_balance_narrow();
create trigger inventory_balance_narrow after update on inventory_balance for each row
when (((old.on_hand <= 0) <> (new.on_hand <= 0)
       or coalesce(old.on_hand <= old.minimum, false) <> coalesce(new.on_hand <= new.minimum, false))
      and new.lot = '00000000-0000-0000-0000-000000000000' and new.condition = 'sellable')
execute function inventory_balance_narrow();
create trigger inventory_balance_narrow_gone after delete on inventory_balance for each row
when (old.lot = '00000000-0000-0000-0000-000000000000' and old.condition = 'sellable')
execute function inventory_balance_narrow();
create function inventory_limit_unmoved() returns trigger language plpgsql as $$
declare
    of inventory_limit := coalesce(new, old);
begin
    if of.moved = 0 then
        -- Whoever brings the first of its goods meanwhile is waited for.
        perform 1 from inventory_item i where i.id = of.item for no key update;
    end if;
    if tg_op = 'INSERT' then
        update inventory_balance b set minimum = new.minimum from inventory_location p
        where p.store = new.store and p.code = 'SHOP' and b.location = p.id and b.item = new.item
          and b.lot = '00000000-0000-0000-0000-000000000000' and b.condition = 'sellable'
          and b.minimum is distinct from new.minimum;
        if found then
            update inventory_limit set moved = 1 where item = new.item and store = new.store;
        end if;
    end if;
    perform inventory_narrow_anew(of.item, of.store);
    return null;
end
$$;
create trigger inventory_limit_unmoved after insert or delete on inventory_limit for each row
execute function inventory_limit_unmoved();
create trigger inventory_limit_unmoved_anew after update of minimum, moved on inventory_limit for each row
execute function inventory_limit_unmoved();

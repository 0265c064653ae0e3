-- What a list of items is narrowed down to stands in its order: what runs low or is short in a store, and what has no
-- barcode. A page of it is read from an index, and what it does not show is not looked at.

drop trigger inventory_item_bare;
drop trigger inventory_barcode_added;
drop trigger inventory_barcode_gone;
drop table inventory_bare;
drop index inventory_balance_low;
drop index inventory_limit_unmoved;

-- Which items are low, short or bare; the latter wherever they are.
create view inventory_narrowed (list, store, item) as
select 'low', b.store, b.item from inventory_balance b where b.on_hand <= b.minimum
union all select 'low', l.store, l.item from inventory_limit l where l.moved = 0 and l.minimum is not null
union all select 'short', b.store, b.item
from inventory_balance b join inventory_location p on p.id = b.location and p.code = 'SHOP'
where b.on_hand <= 0 and b.lot = zeroblob(16) and b.condition = 'sellable'
union all select 'bare', x'00000000000000000000000000000000', i.id
from inventory_item i where not exists (select 1 from inventory_barcode c where c.item = i.id);

-- Where they stand in their list, of the whole house and of their category. What is of the whole house has the nil category.
create view inventory_narrow_listed (list, store, category, item, archived, sku, name) as
select n.list, n.store, case k.own when 1 then i.category else x'00000000000000000000000000000000' end, i.id,
       case when i.archived_at is null then 0 else 1 end, i.sku, i.name
from inventory_narrowed n
join inventory_item i on i.id = n.item and (n.list = 'bare' or i.kind = 'stocked')
join (select 0 as own union all select 1) k on k.own = 0 or i.category is not null;

create table inventory_narrow (
    list text not null,
    store blob not null,
    category blob not null,
    item blob not null,
    archived integer not null,
    sku text not null,
    name text not null,
    primary key (item, store, list, category)
) strict, without rowid;
create index inventory_narrow_by_sku on inventory_narrow (list, store, category, archived, sku, item);
create index inventory_narrow_by_name on inventory_narrow (list, store, category, archived, name, item);
insert into inventory_narrow (list, store, category, item, archived, sku, name)
select list, store, category, item, archived, sku, name from inventory_narrow_listed where true
on conflict do nothing;

-- Whoever writes an item, a balance or a limit need not think of it.
create trigger inventory_item_narrow after insert on inventory_item
begin
    insert into inventory_narrow (list, store, category, item, archived, sku, name)
    select list, store, category, item, archived, sku, name from inventory_narrow_listed
    where item = new.id and list = 'bare';
end;
create trigger inventory_item_narrow_anew after update of sku, name, kind, archived_at, category on inventory_item
when (old.sku, old.name, old.kind, old.archived_at, old.category)
     is not (new.sku, new.name, new.kind, new.archived_at, new.category)
begin
    delete from inventory_narrow where item = new.id;
    insert into inventory_narrow (list, store, category, item, archived, sku, name)
    select list, store, category, item, archived, sku, name from inventory_narrow_listed
    where item = new.id
    on conflict do nothing;
end;
create trigger inventory_barcode_added after insert on inventory_barcode
begin
    delete from inventory_narrow where item = new.item and store = x'00000000000000000000000000000000' and list = 'bare';
end;
create trigger inventory_barcode_gone after delete on inventory_barcode
when not exists (select 1 from inventory_barcode b where b.item = old.item)
begin
    insert into inventory_narrow (list, store, category, item, archived, sku, name)
    select list, store, category, item, archived, sku, name from inventory_narrow_listed
    where item = old.item and list = 'bare'
    on conflict do nothing;
end;
create trigger inventory_balance_narrow_new after insert on inventory_balance
when new.on_hand <= 0 and new.lot = zeroblob(16) and new.condition = 'sellable'
     and exists (select 1 from inventory_location p where p.id = new.location and p.code = 'SHOP')
begin
    delete from inventory_narrow where item = new.item and store = new.store;
    insert into inventory_narrow (list, store, category, item, archived, sku, name)
    select list, store, category, item, archived, sku, name from inventory_narrow_listed
    where item = new.item and store = new.store
    on conflict do nothing;
end;
create trigger inventory_balance_narrow after update of on_hand, minimum on inventory_balance
when ((old.on_hand <= 0) is not (new.on_hand <= 0)
      or coalesce(old.on_hand <= old.minimum, 0) is not coalesce(new.on_hand <= new.minimum, 0))
     and new.lot = zeroblob(16) and new.condition = 'sellable'
     and exists (select 1 from inventory_location p where p.id = new.location and p.code = 'SHOP')
begin
    delete from inventory_narrow where item = new.item and store = new.store;
    insert into inventory_narrow (list, store, category, item, archived, sku, name)
    select list, store, category, item, archived, sku, name from inventory_narrow_listed
    where item = new.item and store = new.store
    on conflict do nothing;
end;
create trigger inventory_balance_narrow_gone after delete on inventory_balance
when old.lot = zeroblob(16) and old.condition = 'sellable'
     and exists (select 1 from inventory_location p where p.id = old.location and p.code = 'SHOP')
begin
    delete from inventory_narrow where item = old.item and store = old.store;
    insert into inventory_narrow (list, store, category, item, archived, sku, name)
    select list, store, category, item, archived, sku, name from inventory_narrow_listed
    where item = old.item and store = old.store
    on conflict do nothing;
end;
create trigger inventory_limit_unmoved after insert on inventory_limit
begin
    delete from inventory_narrow where item = new.item and store = new.store;
    insert into inventory_narrow (list, store, category, item, archived, sku, name)
    select list, store, category, item, archived, sku, name from inventory_narrow_listed
    where item = new.item and store = new.store
    on conflict do nothing;
end;
create trigger inventory_limit_unmoved_anew after update of minimum, moved on inventory_limit
begin
    delete from inventory_narrow where item = new.item and store = new.store;
    insert into inventory_narrow (list, store, category, item, archived, sku, name)
    select list, store, category, item, archived, sku, name from inventory_narrow_listed
    where item = new.item and store = new.store
    on conflict do nothing;
end;
create trigger inventory_limit_unmoved_gone after delete on inventory_limit
begin
    delete from inventory_narrow where item = old.item and store = old.store;
    insert into inventory_narrow (list, store, category, item, archived, sku, name)
    select list, store, category, item, archived, sku, name from inventory_narrow_listed
    where item = old.item and store = old.store
    on conflict do nothing;
end;

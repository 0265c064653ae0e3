-- What runs low is read from what does: a balance of what a store sells knows the least that should be there.

alter table inventory_balance add column minimum bigint null;
-- Whether there is such a balance: what never was in the store runs low as well.
alter table inventory_limit add column moved bigint not null default 0 check (moved in (0, 1));

update inventory_balance b set minimum = l.minimum
from inventory_limit l join inventory_location p on p.store = l.store and p.code = 'SHOP'
where l.item = b.item and p.id = b.location
  and b.lot = '00000000-0000-0000-0000-000000000000' and b.condition = 'sellable';
update inventory_limit l set moved = 1
from inventory_balance b join inventory_location p on p.id = b.location and p.code = 'SHOP'
where b.item = l.item and p.store = l.store
  and b.lot = '00000000-0000-0000-0000-000000000000' and b.condition = 'sellable';
create index inventory_balance_low on inventory_balance (location, item) where on_hand <= minimum;
create index inventory_limit_unmoved on inventory_limit (store, item) where moved = 0 and minimum is not null;

create function inventory_balance_new() returns trigger language plpgsql as $$
begin
    if exists (select 1 from inventory_location p where p.id = new.location and p.code = 'SHOP') then
        -- Whoever changes the minimum meanwhile is waited for.
        update inventory_limit set moved = 1 where item = new.item and store = new.store;
        update inventory_balance b set minimum = l.minimum
        from inventory_limit l
        where l.item = new.item and l.store = new.store and b.location = new.location and b.item = new.item
          and b.lot = new.lot and b.condition = new.condition;
    end if;
    return null;
end
$$;
create trigger inventory_balance_new after insert on inventory_balance for each row
when (new.lot = '00000000-0000-0000-0000-000000000000' and new.condition = 'sellable')
execute function inventory_balance_new();
create function inventory_balance_gone() returns trigger language plpgsql as $$
begin
    update inventory_limit l set moved = 0 from inventory_location p
    where p.id = old.location and p.code = 'SHOP' and l.item = old.item and l.store = old.store;
    return null;
end
$$;
create trigger inventory_balance_gone after delete on inventory_balance for each row
when (old.lot = '00000000-0000-0000-0000-000000000000' and old.condition = 'sellable')
execute function inventory_balance_gone();
create function inventory_limit_set() returns trigger language plpgsql as $$
declare
    of inventory_limit := coalesce(new, old);
    wanted bigint := case when tg_op = 'DELETE' then null else new.minimum end;
begin
    update inventory_balance b set minimum = wanted from inventory_location p
    where p.store = of.store and p.code = 'SHOP' and b.location = p.id and b.item = of.item
      and b.lot = '00000000-0000-0000-0000-000000000000' and b.condition = 'sellable';
    if tg_op = 'INSERT' and found then
        update inventory_limit set moved = 1 where item = of.item and store = of.store;
    end if;
    return null;
end
$$;
create trigger inventory_limit_new after insert or delete on inventory_limit for each row
execute function inventory_limit_set();
create trigger inventory_limit_changed after update of minimum on inventory_limit for each row
execute function inventory_limit_set();

-- What runs low is read from what does: a balance of what a store sells knows the least that should be there.

alter table inventory_balance add column minimum integer null;
-- Whether there is such a balance: what never was in the store runs low as well.
alter table inventory_limit add column moved integer not null default 0 check (moved in (0, 1));

update inventory_balance set minimum = (
    select l.minimum from inventory_limit l
    join inventory_location p on p.store = l.store and p.code = 'SHOP'
    where l.item = inventory_balance.item and p.id = inventory_balance.location
) where lot = zeroblob(16) and condition = 'sellable';
update inventory_limit set moved = 1 where exists (
    select 1 from inventory_balance b join inventory_location p on p.id = b.location and p.code = 'SHOP'
    where b.item = inventory_limit.item and p.store = inventory_limit.store and b.lot = zeroblob(16)
      and b.condition = 'sellable'
);
create index inventory_balance_low on inventory_balance (location, item) where on_hand <= minimum;
create index inventory_limit_unmoved on inventory_limit (store, item) where moved = 0 and minimum is not null;

create trigger inventory_balance_new after insert on inventory_balance
when new.lot = zeroblob(16) and new.condition = 'sellable'
     and exists (select 1 from inventory_location p where p.id = new.location and p.code = 'SHOP')
begin
    update inventory_limit set moved = 1 where item = new.item and store = new.store;
    update inventory_balance
    set minimum = (select l.minimum from inventory_limit l where l.item = new.item and l.store = new.store)
    where location = new.location and item = new.item and lot = new.lot and condition = new.condition;
end;
create trigger inventory_balance_gone after delete on inventory_balance
when old.lot = zeroblob(16) and old.condition = 'sellable'
     and exists (select 1 from inventory_location p where p.id = old.location and p.code = 'SHOP')
begin
    update inventory_limit set moved = 0 where item = old.item and store = old.store;
end;
create trigger inventory_limit_new after insert on inventory_limit
begin
    update inventory_balance set minimum = new.minimum
    where location = (select p.id from inventory_location p where p.store = new.store and p.code = 'SHOP')
      and item = new.item and lot = zeroblob(16) and condition = 'sellable';
    update inventory_limit set moved = changes() where item = new.item and store = new.store;
end;
create trigger inventory_limit_changed after update of minimum on inventory_limit
begin
    update inventory_balance set minimum = new.minimum
    where location = (select p.id from inventory_location p where p.store = new.store and p.code = 'SHOP')
      and item = new.item and lot = zeroblob(16) and condition = 'sellable';
end;
create trigger inventory_limit_gone after delete on inventory_limit
begin
    update inventory_balance set minimum = null
    where location = (select p.id from inventory_location p where p.store = old.store and p.code = 'SHOP')
      and item = old.item and lot = zeroblob(16) and condition = 'sellable';
end;

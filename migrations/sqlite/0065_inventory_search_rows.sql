-- What is found by a typed text is shown in an order and narrowed down without a look at each item.

drop view inventory_search;
drop trigger inventory_item_searched;
alter table inventory_trigram_item add column sku text not null default '';
alter table inventory_trigram_item add column name text not null default '';
alter table inventory_trigram_item add column kind text not null default '';
alter table inventory_trigram_item add column archived_at integer null;
alter table inventory_trigram_item add column category blob null;
update inventory_trigram_item set (sku, name, kind, archived_at, category) =
    (select i.sku, i.name, i.kind, i.archived_at, i.category from inventory_item i where i.id = item);
create view inventory_search (id, sku, name, kind, archived_at, category, search) as
select x.item, x.sku, x.name, x.kind, x.archived_at, x.category, t.search
from inventory_trigram t join inventory_trigram_item x on x.row = t.rowid;

create trigger inventory_item_searched after insert on inventory_item
begin
    insert into inventory_trigram_item (item, sku, name, kind, archived_at, category)
    values (new.id, new.sku, new.name, new.kind, new.archived_at, new.category);
    insert into inventory_trigram (rowid, search)
    select row, new.search from inventory_trigram_item where item = new.id;
end;
create trigger inventory_item_shown_anew after update of sku, name, kind, archived_at, category on inventory_item
when (old.sku, old.name, old.kind, old.archived_at, old.category)
     is not (new.sku, new.name, new.kind, new.archived_at, new.category)
begin
    update inventory_trigram_item
    set sku = new.sku, name = new.name, kind = new.kind, archived_at = new.archived_at, category = new.category
    where item = new.id;
end;

-- What is found by a typed text is shown in an order and narrowed down without a look at each item: here it is the item.

drop view inventory_search;
create view inventory_search (id, sku, name, kind, archived_at, category, search) as
select id, sku, name, kind, archived_at, category, search from inventory_item;

-- The stock grid lists what is counted and what is made of that: goods. A kit stands in it by SKU and by name, of the house and
-- of its category.

drop view inventory_listed;
create view inventory_listed (list, category, key, item) as
select l.list, x'00000000000000000000000000000000',
       case l.word when 'sku' then i.sku else i.name end, i.id
from inventory_item i
join inventory_list l on case l.what when 'goods' then i.kind <> 'service' and i.archived_at is null
                                     when 'offered' then i.archived_at is null else i.archived_at is not null end
union all
select l.list, i.category, case l.word when 'sku' then i.sku else i.name end, i.id
from inventory_item i
join inventory_list l on case l.what when 'goods' then i.kind <> 'service' and i.archived_at is null
                                     when 'offered' then i.archived_at is null else i.archived_at is not null end
where i.category is not null;

update inventory_stretch set list = case list when 'stocked by sku' then 'goods by sku' else 'goods by name' end
where list in ('stocked by sku', 'stocked by name');
update inventory_list set what = 'goods', list = case word when 'sku' then 'goods by sku' else 'goods by name' end
where what = 'stocked';

-- The kits that there are already are counted in.
insert into inventory_stretch (list, category, start, item, length)
select s.list, s.category, s.start, s.item, count(*)
from inventory_item i
join inventory_list l on l.what = 'goods'
join (select 0 as own union all select 1) k on k.own = 0 or i.category is not null
join inventory_stretch s on s.list = l.list
    and s.category = case k.own when 1 then i.category else x'00000000000000000000000000000000' end
    and (s.start, s.item) = (select t.start, t.item from inventory_stretch t
                             where t.list = l.list
                               and t.category = case k.own when 1 then i.category else x'00000000000000000000000000000000' end
                               and (t.start, t.item) <= (case l.word when 'sku' then i.sku else i.name end, i.id)
                             order by t.start desc, t.item desc limit 1)
where i.kind = 'kit' and i.archived_at is null
group by s.list, s.category, s.start, s.item
on conflict (list, category, start, item) do update set length = inventory_stretch.length + excluded.length;

drop index inventory_item_by_name;
create index inventory_item_goods_by_sku on inventory_item (sku, id, kind, archived_at)
where archived_at is null and kind <> 'service';
create index inventory_item_goods_by_name on inventory_item (name, id, kind, archived_at)
where archived_at is null and kind <> 'service';

-- Items changed at once are counted at once, as those are that come: each row by itself walked past all that its
-- statement had changed in that stretch before it, and a thousand took seconds. What is the same before and after is
-- left out without a join, which would be planned for as few as came first.

drop trigger inventory_item_leaves on inventory_item;
drop trigger inventory_item_comes on inventory_item;
drop function inventory_item_leaves();
drop function inventory_item_comes();

create function inventory_items_changed() returns trigger language plpgsql as $$
begin
    insert into inventory_stretch (list, category, start, item, length)
    select s.list, s.category, s.start, s.item, sum(i.rows)
    from (select id, sku, name, kind, archived_at, category, sum(rows) as rows
          from (select id, sku, name, kind, archived_at, category, -1 as rows from went
                union all select id, sku, name, kind, archived_at, category, 1 from came) both_of
          group by id, sku, name, kind, archived_at, category
          having sum(rows) <> 0) i
    join inventory_list l on case l.what when 'stocked' then i.kind = 'stocked' and i.archived_at is null
                                         when 'offered' then i.archived_at is null else i.archived_at is not null end
    cross join lateral (values (cast('00000000-0000-0000-0000-000000000000' as uuid)), (i.category)) of (category)
    cross join lateral (select t.list, t.category, t.start, t.item from inventory_stretch t
                        where t.list = l.list and t.category = of.category
                          and (t.start, t.item) <= (case l.word when 'sku' then i.sku else i.name end, i.id)
                        order by t.start desc, t.item desc limit 1) s
    group by s.list, s.category, s.start, s.item
    having sum(i.rows) <> 0
    on conflict (list, category, start, item) do update set length = inventory_stretch.length + excluded.length;
    return null;
end
$$;
create trigger inventory_items_changed after update on inventory_item referencing old table as went new table as came
for each statement execute function inventory_items_changed();

-- Lists by row number: how many rows stand in each stretch of a list, so that any of them is found without walking past
-- all that stand before it.

create index inventory_item_offered_by_sku on inventory_item (sku, id, archived_at) where archived_at is null;
create index inventory_item_offered_by_name on inventory_item (name, id, archived_at) where archived_at is null;
create index inventory_item_archived_by_sku on inventory_item (sku, id, archived_at) where archived_at is not null;
create index inventory_item_archived_by_name on inventory_item (name, id, archived_at) where archived_at is not null;
drop index inventory_item_category;
create index inventory_item_category_by_sku on inventory_item (category, sku, id, kind, archived_at) where archived_at is null;
create index inventory_item_category_by_name on inventory_item (category, name, id, kind, archived_at) where archived_at is null;
create index inventory_item_category_archived_by_sku on inventory_item (category, sku, id, archived_at)
where archived_at is not null;
create index inventory_item_category_archived_by_name on inventory_item (category, name, id, archived_at)
where archived_at is not null;

-- The lists there are: of what, and by what. Each is there for the whole house, and for each category.
create table inventory_list (
    list text not null primary key,
    what text not null,
    word text not null
) strict, without rowid;
insert into inventory_list (list, what, word) values
    ('stocked by sku', 'stocked', 'sku'), ('stocked by name', 'stocked', 'name'),
    ('offered by sku', 'offered', 'sku'), ('offered by name', 'offered', 'name'),
    ('archived by sku', 'archived', 'sku'), ('archived by name', 'archived', 'name');

-- In which of them an item stands, and where. What is of the whole house has the nil category.
create view inventory_listed (list, category, key, item) as
select l.list, x'00000000000000000000000000000000',
       case l.word when 'sku' then i.sku else i.name end, i.id
from inventory_item i
join inventory_list l on case l.what when 'stocked' then i.kind = 'stocked' and i.archived_at is null
                                     when 'offered' then i.archived_at is null else i.archived_at is not null end
union all
select l.list, i.category, case l.word when 'sku' then i.sku else i.name end, i.id
from inventory_item i
join inventory_list l on case l.what when 'stocked' then i.kind = 'stocked' and i.archived_at is null
                                     when 'offered' then i.archived_at is null else i.archived_at is not null end
where i.category is not null;

-- How many rows of a list stand from (start, item) on, up to its next stretch. The first of each list is from ('', nil).
create table inventory_stretch (
    list text not null,
    category blob not null,
    start text not null,
    item blob not null,
    length integer not null,
    primary key (list, category, start, item)
) strict, without rowid;
create index inventory_stretch_long on inventory_stretch (list) where length > 4000;

insert into inventory_stretch (list, category, start, item, length)
select l.list, c.category, '', x'00000000000000000000000000000000', 0
from inventory_list l
cross join (select x'00000000000000000000000000000000' as category union all select id from inventory_category) c;

insert into inventory_stretch (list, category, start, item, length)
select list, category, case n when 0 then '' else key end,
       case n when 0 then x'00000000000000000000000000000000' else item end, length
from (select list, category, key, item, n, count(*) over (partition by list, category, n / 2000) as length
      from (select list, category, key, item,
                   row_number() over (partition by list, category order by key, item) - 1 as n
            from inventory_listed) numbered) counted
where n % 2000 = 0
on conflict (list, category, start, item) do update set length = excluded.length;

-- Whoever changes items need not think of it: a row is counted where it comes, and no longer where it was.
create trigger inventory_category_listed after insert on inventory_category
begin
    insert into inventory_stretch (list, category, start, item, length)
    select list, new.id, '', x'00000000000000000000000000000000', 0 from inventory_list;
end;
create trigger inventory_item_added after insert on inventory_item
begin
    insert into inventory_stretch (list, category, start, item, length)
    select s.list, s.category, s.start, s.item, 1
    from inventory_listed l
    join inventory_stretch s on s.list = l.list and s.category = l.category
        and (s.start, s.item) = (select t.start, t.item from inventory_stretch t
                                 where t.list = l.list and t.category = l.category and (t.start, t.item) <= (l.key, l.item)
                                 order by t.start desc, t.item desc limit 1)
    where l.item = new.id
    on conflict (list, category, start, item) do update set length = inventory_stretch.length + 1;
end;
create trigger inventory_item_leaves before update of sku, name, kind, archived_at, category on inventory_item
when (old.sku, old.name, old.kind, old.archived_at, old.category)
     is not (new.sku, new.name, new.kind, new.archived_at, new.category)
begin
    insert into inventory_stretch (list, category, start, item, length)
    select s.list, s.category, s.start, s.item, 0
    from inventory_listed l
    join inventory_stretch s on s.list = l.list and s.category = l.category
        and (s.start, s.item) = (select t.start, t.item from inventory_stretch t
                                 where t.list = l.list and t.category = l.category and (t.start, t.item) <= (l.key, l.item)
                                 order by t.start desc, t.item desc limit 1)
    where l.item = old.id
    on conflict (list, category, start, item) do update set length = inventory_stretch.length - 1;
end;
create trigger inventory_item_comes after update of sku, name, kind, archived_at, category on inventory_item
when (old.sku, old.name, old.kind, old.archived_at, old.category)
     is not (new.sku, new.name, new.kind, new.archived_at, new.category)
begin
    insert into inventory_stretch (list, category, start, item, length)
    select s.list, s.category, s.start, s.item, 0
    from inventory_listed l
    join inventory_stretch s on s.list = l.list and s.category = l.category
        and (s.start, s.item) = (select t.start, t.item from inventory_stretch t
                                 where t.list = l.list and t.category = l.category and (t.start, t.item) <= (l.key, l.item)
                                 order by t.start desc, t.item desc limit 1)
    where l.item = new.id
    on conflict (list, category, start, item) do update set length = inventory_stretch.length + 1;
end;

-- A count goes over one place of a store: where sales leave from, unless another is named.

alter table inventory_count add column location uuid null;
update inventory_count set location = (
    select l.id from inventory_location l where l.store = inventory_count.store and l.code = 'SHOP');

-- When an item was counted is known for each place by itself.
create table inventory_counted_at (
    location uuid not null,
    item uuid not null,
    counted_at bigint not null,
    counted_by text null,
    primary key (location, item)
);
insert into inventory_counted_at (location, item, counted_at, counted_by)
    select l.id, c.item, c.counted_at, c.counted_by
    from inventory_counted c join inventory_location l on l.store = c.store and l.code = 'SHOP';
drop table inventory_counted;
alter table inventory_counted_at rename to inventory_counted;
alter index inventory_counted_at_pkey rename to inventory_counted_pkey;

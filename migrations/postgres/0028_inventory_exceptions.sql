-- Exceptions about a code that nobody knows, counts that disagree, and goods whose cost nobody has told.

-- What it is about where that is no item: the code; its item is the nil one then.
alter table inventory_exception add column subject text collate "C" not null default '';
-- Who told of it, where no posting did.
alter table inventory_exception add column told_by text collate "C" null;
drop index inventory_exception_open;
create unique index inventory_exception_open on inventory_exception (location, item, kind, subject) where state = 'open';
create index inventory_exception_subject on inventory_exception (subject) where state = 'open' and subject <> '';
create index inventory_exception_opener on inventory_exception (opened_by) where state = 'open';

-- In which store it was told what an item costs.
create table inventory_costed (
    store uuid not null,
    item uuid not null,
    primary key (store, item)
);
insert into inventory_costed (store, item)
    select m.store, m.item from inventory_movement m join inventory_posting p on p.id = m.posting
    where p.kind = 'receipt' and m.unit_price is not null
    union
    select m.store, m.item from inventory_cost c join inventory_movement m on m.posting = c.receipt;

-- Who counted it then.
alter table inventory_counted add column counted_by text collate "C" null;

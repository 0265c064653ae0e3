-- Lists that are narrowed down are read from what is rarest: the items that hold a typed text, and those without a barcode.

-- What is searched, by every three letters that stand together in it. A virtual table knows rows by number only.
create table inventory_trigram_item (
    row integer not null primary key,
    item blob not null
) strict;
create unique index inventory_trigram_item_item on inventory_trigram_item (item);
create virtual table inventory_trigram using fts5 (search, tokenize = 'trigram', columnsize = 0);
insert into inventory_trigram_item (item) select id from inventory_item;
insert into inventory_trigram (rowid, search)
select t.row, i.search from inventory_trigram_item t join inventory_item i on i.id = t.item;
create view inventory_search (item, search) as
select x.item, t.search from inventory_trigram t join inventory_trigram_item x on x.row = t.rowid;

create trigger inventory_item_searched after insert on inventory_item
begin
    insert into inventory_trigram_item (item) values (new.id);
    insert into inventory_trigram (rowid, search)
    select row, new.search from inventory_trigram_item where item = new.id;
end;
create trigger inventory_item_searched_anew after update of search on inventory_item when old.search <> new.search
begin
    update inventory_trigram set search = new.search
    where rowid = (select row from inventory_trigram_item where item = new.id);
end;

-- The items without a barcode.
create table inventory_bare (
    item blob not null primary key
) strict, without rowid;
insert into inventory_bare (item)
select id from inventory_item i where not exists (select 1 from inventory_barcode b where b.item = i.id);
create trigger inventory_item_bare after insert on inventory_item
begin
    insert into inventory_bare (item) values (new.id);
end;
create trigger inventory_barcode_added after insert on inventory_barcode
begin
    delete from inventory_bare where item = new.item;
end;
create trigger inventory_barcode_gone after delete on inventory_barcode
when not exists (select 1 from inventory_barcode b where b.item = old.item)
begin
    insert into inventory_bare (item) values (old.item) on conflict (item) do nothing;
end;

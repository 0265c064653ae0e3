-- What a category is called and was called before, in small letters: links, files and undone changes say former names.
create table inventory_category_name (
    key text not null primary key,
    category blob not null
) strict, without rowid;
create index inventory_category_name_category on inventory_category_name (category, key);
insert into inventory_category_name (key, category) select key, id from inventory_category;

-- Price lists: for members, for a sale, for those who take many; of one store or of all.
create table inventory_price_list (
    id blob not null primary key,
    name text not null,
    -- The name in small letters.
    key text not null,
    store blob null,
    -- Days on the store's own clock, such as 2026-12-24; both included.
    from_day text null,
    to_day text null,
    active integer not null,
    overrides integer not null,
    version integer not null,
    created_at integer not null
) strict, without rowid;
create unique index inventory_price_list_key on inventory_price_list (key);

-- What one of an item costs from so many on, by that list.
create table inventory_price (
    list blob not null,
    item blob not null,
    least integer not null check (least > 0),
    price integer not null check (price >= 0),
    primary key (list, item, least)
) strict, without rowid;
create index inventory_price_item on inventory_price (item, list, least);

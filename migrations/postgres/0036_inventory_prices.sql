-- Price lists: for members, for a sale, for those who take many; of one store or of all.
create table inventory_price_list (
    id uuid not null primary key,
    name text collate "C" not null,
    -- The name in small letters.
    key text collate "C" not null,
    store uuid null,
    -- Days on the store's own clock, such as 2026-12-24; both included.
    from_day text collate "C" null,
    to_day text collate "C" null,
    active bigint not null,
    overrides bigint not null,
    version bigint not null,
    created_at bigint not null
);
create unique index inventory_price_list_key on inventory_price_list (key);

-- What one of an item costs from so many on, by that list.
create table inventory_price (
    list uuid not null,
    item uuid not null,
    least bigint not null check (least > 0),
    price bigint not null check (price >= 0),
    primary key (list, item, least)
);
create index inventory_price_item on inventory_price (item, list, least);

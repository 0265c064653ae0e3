-- Families: items that are one product in several sizes or colours.
create table inventory_family (
    id blob not null primary key,
    name text not null,
    -- The name in small letters.
    key text not null,
    version integer not null,
    created_at integer not null
) strict, without rowid;
create index inventory_family_key on inventory_family (key, id);

-- What its items differ in, such as size, and what there is of it, in the order in which it is shown.
create table inventory_family_option (
    family blob not null,
    nth integer not null,
    name text not null,
    primary key (family, nth)
) strict, without rowid;
create table inventory_family_value (
    family blob not null,
    option_nth integer not null,
    nth integer not null,
    value text not null,
    primary key (family, option_nth, nth)
) strict, without rowid;

-- An item is in one family at most, with one value for each option; where there are fewer than three, the rest is empty.
create table inventory_variant (
    item blob not null primary key,
    family blob not null,
    value_1 text not null,
    value_2 text not null,
    value_3 text not null
) strict, without rowid;
create unique index inventory_variant_values on inventory_variant (family, value_1, value_2, value_3);

-- Families: items that are one product in several sizes or colours.
create table inventory_family (
    id uuid not null primary key,
    name text collate "C" not null,
    -- The name in small letters.
    key text collate "C" not null,
    version bigint not null,
    created_at bigint not null
);
create index inventory_family_key on inventory_family (key, id);

-- What its items differ in, such as size, and what there is of it, in the order in which it is shown.
create table inventory_family_option (
    family uuid not null,
    nth bigint not null,
    name text collate "C" not null,
    primary key (family, nth)
);
create table inventory_family_value (
    family uuid not null,
    option_nth bigint not null,
    nth bigint not null,
    value text collate "C" not null,
    primary key (family, option_nth, nth)
);

-- An item is in one family at most, with one value for each option; where there are fewer than three, the rest is empty.
create table inventory_variant (
    item uuid not null primary key,
    family uuid not null,
    value_1 text collate "C" not null,
    value_2 text collate "C" not null,
    value_3 text collate "C" not null
);
create unique index inventory_variant_values on inventory_variant (family, value_1, value_2, value_3);

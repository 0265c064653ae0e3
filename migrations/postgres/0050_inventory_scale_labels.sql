-- What the labels of the house's own scales say, by the two digits with which they begin.

create table inventory_scale_label (
    prefix bigint not null primary key,
    item_digits bigint not null,
    value_digits bigint not null,
    decimals bigint not null,
    measure text not null check (measure in ('weight', 'price')),
    value_check bigint not null check (value_check in (0, 1))
);

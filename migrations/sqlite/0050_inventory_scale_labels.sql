-- What the labels of the house's own scales say, by the two digits with which they begin.

create table inventory_scale_label (
    prefix integer not null primary key,
    item_digits integer not null,
    value_digits integer not null,
    decimals integer not null,
    measure text not null check (measure in ('weight', 'price')),
    value_check integer not null check (value_check in (0, 1))
) strict;

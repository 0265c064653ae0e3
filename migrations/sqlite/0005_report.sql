-- Figures made from the journal's events: all of it can be dropped and made again.

create table report_head (
    one integer not null primary key check (one = 1),
    seq integer not null
) strict;
insert into report_head (one, seq) values (1, 0);

create table report_item (
    item blob not null primary key,
    sku text not null,
    name text not null,
    stocked integer not null
) strict, without rowid;

create table report_item_day (
    store blob not null,
    day text not null,
    item blob not null,
    sold integer not null,
    gross integer not null,
    returned integer not null,
    refunded integer not null,
    primary key (store, day, item)
) strict, without rowid;

create table report_day (
    store blob not null,
    day text not null,
    sales integer not null,
    sale_lines integer not null,
    sold integer not null,
    gross integer not null,
    returns integer not null,
    return_lines integer not null,
    returned integer not null,
    refunded integer not null,
    adjustments integer not null,
    adjustment_lines integer not null,
    adjusted integer not null,
    primary key (store, day)
) strict, without rowid;

create table report_hour (
    store blob not null,
    hour text not null,
    sales integer not null,
    quantity integer not null,
    value integer not null,
    primary key (store, hour)
) strict, without rowid;

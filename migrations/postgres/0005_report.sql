-- Figures made from the journal's events: all of it can be dropped and made again.

create table report_head (
    one bigint not null primary key check (one = 1),
    seq bigint not null
);
insert into report_head (one, seq) values (1, 0);

create table report_item (
    item uuid not null primary key,
    sku text collate "C" not null,
    name text collate "C" not null,
    stocked boolean not null
);

create table report_item_day (
    store uuid not null,
    day text collate "C" not null,
    item uuid not null,
    sold bigint not null,
    gross bigint not null,
    returned bigint not null,
    refunded bigint not null,
    primary key (store, day, item)
);

create table report_day (
    store uuid not null,
    day text collate "C" not null,
    sales bigint not null,
    sale_lines bigint not null,
    sold bigint not null,
    gross bigint not null,
    returns bigint not null,
    return_lines bigint not null,
    returned bigint not null,
    refunded bigint not null,
    adjustments bigint not null,
    adjustment_lines bigint not null,
    adjusted bigint not null,
    primary key (store, day)
);

create table report_hour (
    store uuid not null,
    hour text collate "C" not null,
    sales bigint not null,
    quantity bigint not null,
    value bigint not null,
    primary key (store, hour)
);

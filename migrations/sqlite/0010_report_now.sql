-- What the dashboard compares and values: sales by the minute, and what the last delivery of each item cost.

create table report_minute (
    store blob not null,
    minute text not null,
    sales integer not null,
    value integer not null,
    primary key (store, minute)
) strict, without rowid;

create table report_cost (
    store blob not null,
    item blob not null,
    cost integer not null,
    primary key (store, item)
) strict, without rowid;

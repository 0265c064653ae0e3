-- What the dashboard compares and values: sales by the minute, and what the last delivery of each item cost.

create table report_minute (
    store uuid not null,
    minute text collate "C" not null,
    sales bigint not null,
    value bigint not null,
    primary key (store, minute)
);

create table report_cost (
    store uuid not null,
    item uuid not null,
    cost bigint not null,
    primary key (store, item)
);

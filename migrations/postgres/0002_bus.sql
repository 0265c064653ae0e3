-- How far each durable subscriber has come: the last journal line whose consequence it has stored.
create table bus_cursor (
    subscriber text   collate "C" not null primary key,
    seq        bigint not null
);

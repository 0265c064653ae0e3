-- How far each durable subscriber has come: the last journal line whose consequence it has stored.
create table bus_cursor (
    subscriber text    not null primary key,
    seq        integer not null
) strict;

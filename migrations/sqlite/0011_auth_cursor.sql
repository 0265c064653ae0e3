-- One row: the secret with which the places where lists go on are signed; all processes share it.
create table auth_cursor (
    one    integer not null primary key check (one = 1),
    secret blob    not null
) strict;
insert into auth_cursor (one, secret) values (1, randomblob(32));

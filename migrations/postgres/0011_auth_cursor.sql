-- One row: the secret with which the places where lists go on are signed; all processes share it.
create table auth_cursor (
    one    bigint not null primary key check (one = 1),
    secret bytea  not null
);
insert into auth_cursor (one, secret)
values (1, decode(replace(cast(gen_random_uuid() as text) || cast(gen_random_uuid() as text), '-', ''), 'hex'));

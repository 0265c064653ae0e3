-- Tablets that the people of a store share, and the PINs with which they change places there.

create table auth_device (
    id blob not null primary key,
    store blob not null,
    name text not null,
    hash blob not null,
    lock_minutes integer not null,
    created_by blob references auth_person (id),
    created_at integer not null,
    used_at integer,
    revoked_at integer
) strict, without rowid;
create unique index auth_device_hash on auth_device (hash);
create index auth_device_store on auth_device (store, created_at);

-- The hash is of the PIN and of a key that lies beside the database; `pepper` says which key that was.
create table auth_pin (
    person blob not null primary key references auth_person (id),
    hash text not null,
    pepper text not null,
    fails integer not null,
    set_at integer not null
) strict, without rowid;

-- The shared tablet at which a PIN opened the session; null when a password did.
alter table auth_session add column tablet blob references auth_device (id);
create index auth_session_tablet on auth_session (tablet) where tablet is not null;

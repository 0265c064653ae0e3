-- Tablets that the people of a store share, and the PINs with which they change places there.

create table auth_device (
    id uuid not null primary key,
    store uuid not null,
    name text collate "C" not null,
    hash bytea not null,
    lock_minutes bigint not null,
    created_by uuid references auth_person (id),
    created_at bigint not null,
    used_at bigint,
    revoked_at bigint
);
create unique index auth_device_hash on auth_device (hash);
create index auth_device_store on auth_device (store, created_at);

-- The hash is of the PIN and of a key that lies beside the database; `pepper` says which key that was.
create table auth_pin (
    person uuid not null primary key references auth_person (id),
    hash text collate "C" not null,
    pepper text collate "C" not null,
    fails bigint not null,
    set_at bigint not null
);

-- The shared tablet at which a PIN opened the session; null when a password did.
alter table auth_session add column tablet uuid references auth_device (id);
create index auth_session_tablet on auth_session (tablet) where tablet is not null;

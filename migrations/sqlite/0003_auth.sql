-- People and what they may do, their sessions, other systems' keys, attempts to sign in, and answers given.

-- One row: people's changes take turns at it, and it holds the set-up token of the first run.
create table auth_house (
    one integer not null primary key check (one = 1),
    turns integer not null,
    setup_hash blob,
    setup_until integer not null
) strict;
insert into auth_house (one, turns, setup_hash, setup_until) values (1, 0, null, 0);

-- The public keys of all processes, so that each accepts the others' access tokens.
create table auth_signer (
    kid text not null primary key,
    public_key blob not null,
    created_at integer not null
) strict, without rowid;

create table auth_person (
    id blob not null primary key,
    name text not null,
    display_name text not null,
    password_hash text not null,
    language text not null,
    disabled integer not null,
    version integer not null,
    created_at integer not null
) strict, without rowid;
create unique index auth_person_name on auth_person (name);

create table auth_grant (
    person blob not null references auth_person (id),
    role text not null,
    store blob
) strict;
create unique index auth_grant_somewhere on auth_grant (person, role, store) where store is not null;
create unique index auth_grant_everywhere on auth_grant (person, role) where store is null;

create table auth_session (
    id blob not null primary key,
    person blob not null references auth_person (id),
    refresh_hash blob not null,
    previous_hash blob,
    rotated_at integer not null,
    created_at integer not null,
    expires_at integer not null,
    revoked_at integer,
    device text not null
) strict, without rowid;
create unique index auth_session_refresh on auth_session (refresh_hash);
create index auth_session_person on auth_session (person, created_at);
create index auth_session_expiry on auth_session (expires_at);

-- Refresh tokens that were used: a second use tells of a theft.
create table auth_spent (
    hash blob not null primary key,
    session blob not null references auth_session (id),
    spent_at integer not null
) strict, without rowid;
create index auth_spent_session on auth_spent (session);

create table auth_key (
    id blob not null primary key,
    prefix text not null,
    name text not null,
    hash blob not null,
    scopes text not null,
    stores text not null,
    created_by blob references auth_person (id),
    created_at integer not null,
    expires_at integer not null,
    revoked_at integer,
    last_used_at integer
) strict, without rowid;
create unique index auth_key_prefix on auth_key (prefix);

create table auth_attempt (
    subject text not null primary key,
    fails integer not null,
    unlock_at integer not null,
    last_at integer not null
) strict, without rowid;
create index auth_attempt_last on auth_attempt (last_at);

create table auth_answer (
    client text not null,
    key text not null,
    request_hash blob not null,
    status integer not null,
    body text not null,
    journal blob,
    created_at integer not null,
    primary key (client, key)
) strict;
create index auth_answer_created on auth_answer (created_at);

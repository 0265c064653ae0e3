-- People and what they may do, their sessions, other systems' keys, attempts to sign in, and answers given.

-- One row: people's changes take turns at it, and it holds the set-up token of the first run.
create table auth_house (
    one bigint not null primary key check (one = 1),
    turns bigint not null,
    setup_hash bytea,
    setup_until bigint not null
);
insert into auth_house (one, turns, setup_hash, setup_until) values (1, 0, null, 0);

-- The public keys of all processes, so that each accepts the others' access tokens.
create table auth_signer (
    kid text collate "C" not null primary key,
    public_key bytea not null,
    created_at bigint not null
);

create table auth_person (
    id uuid not null primary key,
    name text collate "C" not null,
    display_name text collate "C" not null,
    password_hash text collate "C" not null,
    language text collate "C" not null,
    disabled boolean not null,
    version bigint not null,
    created_at bigint not null
);
create unique index auth_person_name on auth_person (name);

create table auth_grant (
    person uuid not null references auth_person (id),
    role text collate "C" not null,
    store uuid
);
create unique index auth_grant_somewhere on auth_grant (person, role, store) where store is not null;
create unique index auth_grant_everywhere on auth_grant (person, role) where store is null;

create table auth_session (
    id uuid not null primary key,
    person uuid not null references auth_person (id),
    refresh_hash bytea not null,
    previous_hash bytea,
    rotated_at bigint not null,
    created_at bigint not null,
    expires_at bigint not null,
    revoked_at bigint,
    device text collate "C" not null
);
create unique index auth_session_refresh on auth_session (refresh_hash);
create index auth_session_person on auth_session (person, created_at);
create index auth_session_expiry on auth_session (expires_at);

-- Refresh tokens that were used: a second use tells of a theft.
create table auth_spent (
    hash bytea not null primary key,
    session uuid not null references auth_session (id),
    spent_at bigint not null
);
create index auth_spent_session on auth_spent (session);

create table auth_key (
    id uuid not null primary key,
    prefix text collate "C" not null,
    name text collate "C" not null,
    hash bytea not null,
    scopes text collate "C" not null,
    stores text collate "C" not null,
    created_by uuid references auth_person (id),
    created_at bigint not null,
    expires_at bigint not null,
    revoked_at bigint,
    last_used_at bigint
);
create unique index auth_key_prefix on auth_key (prefix);

create table auth_attempt (
    subject text collate "C" not null primary key,
    fails bigint not null,
    unlock_at bigint not null,
    last_at bigint not null
);
create index auth_attempt_last on auth_attempt (last_at);

create table auth_answer (
    client text collate "C" not null,
    key text collate "C" not null,
    request_hash bytea not null,
    status bigint not null,
    body text collate "C" not null,
    journal uuid,
    created_at bigint not null,
    primary key (client, key)
);
create index auth_answer_created on auth_answer (created_at);

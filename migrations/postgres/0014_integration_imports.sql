-- Imports in the browser: whose they are, how far they are, the file until it is in, and what they posted for their undo.

create table integration_import (
    id uuid not null primary key,
    owner text collate "C" not null,
    brought_at bigint not null,
    uploaded text collate "C" not null,
    mapping text collate "C" null,
    progress text collate "C" not null,
    stop boolean not null,
    turn bigint not null,
    beat_at bigint not null
);

-- Apart, because the row above is written again with each step, and this is up to 10 MB.
create table integration_file (
    import uuid not null primary key,
    content bytea not null
);

create table integration_posting (
    posting uuid not null primary key,
    import uuid not null,
    place bigint not null
);
create index integration_posting_import on integration_posting (import, place);

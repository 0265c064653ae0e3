-- Imports in the browser: whose they are, how far they are, the file until it is in, and what they posted for their undo.

create table integration_import (
    id blob not null primary key,
    owner text not null,
    brought_at integer not null,
    uploaded text not null,
    mapping text null,
    progress text not null,
    stop integer not null,
    turn integer not null,
    beat_at integer not null
) strict, without rowid;

-- Apart, because the row above is written again with each step, and this is up to 10 MB.
create table integration_file (
    import blob not null primary key,
    content blob not null
) strict;

create table integration_posting (
    posting blob not null primary key,
    import blob not null,
    place integer not null
) strict, without rowid;
create index integration_posting_import on integration_posting (import, place);

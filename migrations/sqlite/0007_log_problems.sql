-- What went wrong and nobody foresaw: one row for each kind of problem, however often it shows.
create table log_problem (
    id          blob not null primary key,
    fingerprint text    not null,
    source      text    not null,
    what        text    not null,
    place       text    not null,
    build       text    not null,
    first_at    integer not null,
    last_at     integer not null,
    times       integer not null,
    ticket      text    not null,
    doing       text    not null,
    reporter    text    not null,
    state       text    not null,
    taken_by    blob,
    closing     text    not null
) strict;
create unique index log_problem_fingerprint on log_problem (fingerprint);
create index log_problem_last on log_problem (state, last_at);

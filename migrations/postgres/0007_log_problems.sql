-- What went wrong and nobody foresaw: one row for each kind of problem, however often it shows.
create table log_problem (
    id          uuid not null primary key,
    fingerprint text   collate "C" not null,
    source      text   collate "C" not null,
    what        text   collate "C" not null,
    place       text   collate "C" not null,
    build       text   collate "C" not null,
    first_at    bigint not null,
    last_at     bigint not null,
    times       bigint not null,
    ticket      text   collate "C" not null,
    doing       text   collate "C" not null,
    reporter    text   collate "C" not null,
    state       text   collate "C" not null,
    taken_by    uuid,
    closing     text   collate "C" not null
);
create unique index log_problem_fingerprint on log_problem (fingerprint);
create index log_problem_last on log_problem (state, last_at);

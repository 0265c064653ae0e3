-- The journal: what happened, in the order of the world, each line chained to the one before.
create table log_journal (
    ordinal    integer not null primary key,
    id         blob    not null,
    at         integer not null,
    topic      text    not null,
    subject    text    not null,
    store      blob,
    principal  text    not null,
    actor      text    not null,
    device     text    not null,
    request_id text    not null,
    body       text    not null,
    seq        integer,
    prev_hash  blob,
    hash       blob
) strict;
create unique index log_journal_id on log_journal (id);
create unique index log_journal_seq on log_journal (seq);
create index log_journal_unsealed on log_journal (ordinal) where seq is null;

-- One row: the last sealed line. `term`, `leader` and `beat_at` are the sequencer's, on PostgreSQL.
create table log_head (
    one     integer not null primary key check (one = 1),
    seq     integer not null,
    hash    blob    not null,
    term    integer not null,
    leader  integer not null,
    beat_at integer not null
) strict;
insert into log_head (one, seq, hash, term, leader, beat_at) values (1, 0, zeroblob(32), 0, 0, 0);

-- One row: which journal this is, so that whoever resumes by `seq` notices another one.
create table log_epoch (
    one integer not null primary key check (one = 1),
    id  text    not null
) strict;
insert into log_epoch (one, id) values (1, lower(hex(randomblob(16))));

create trigger log_journal_continues before insert on log_journal
when not exists (
    select 1 from log_head where one = 1 and new.seq is seq + 1 and new.prev_hash is hash and new.hash is not null
)
begin
    select raise(abort, 'a journal line must continue the chain');
end;
create trigger log_journal_heads after insert on log_journal
begin
    update log_head set seq = new.seq, hash = new.hash where one = 1;
end;
create trigger log_journal_no_update before update on log_journal
begin
    select raise(abort, 'the journal is append-only');
end;
create trigger log_journal_no_delete before delete on log_journal
begin
    select raise(abort, 'the journal is append-only');
end;
create trigger log_head_no_delete before delete on log_head
begin
    select raise(abort, 'the journal keeps its head');
end;

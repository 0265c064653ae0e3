-- Documents that live: a header for each, whatever its kind. Their lines are in tables of their kinds.

create table inventory_paper (
    id blob not null primary key,
    kind text not null,
    store blob not null,
    to_store blob null,
    party blob null,
    number text not null,
    state text not null,
    version integer not null,
    content_hash blob not null,
    reference text null,
    note text null,
    due_on text null,
    principal text not null,
    author text not null,
    approved_by text null,
    approver text null,
    created_at integer not null,
    changed_at integer not null,
    journal blob not null
) strict, without rowid;
create unique index inventory_paper_by_number on inventory_paper (number);
create index inventory_paper_state on inventory_paper (store, kind, state, changed_at, id);
create index inventory_paper_latest on inventory_paper (store, kind, changed_at, id);
create index inventory_paper_arriving on inventory_paper (to_store, kind, state, changed_at, id);
create index inventory_paper_party on inventory_paper (party, kind, state, changed_at, id);

-- The number that the next document of a kind gets in a store.
create table inventory_paper_number (
    store blob not null,
    kind text not null,
    next integer not null,
    primary key (store, kind)
) strict, without rowid;

-- From which value on somebody else has to approve.
create table inventory_approval_limit (
    store blob not null,
    kind text not null,
    amount integer not null,
    primary key (store, kind)
) strict, without rowid;

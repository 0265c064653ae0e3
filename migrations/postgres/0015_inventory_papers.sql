-- Documents that live: a header for each, whatever its kind. Their lines are in tables of their kinds.

create table inventory_paper (
    id uuid not null primary key,
    kind text collate "C" not null,
    store uuid not null,
    to_store uuid null,
    party uuid null,
    number text collate "C" not null,
    state text collate "C" not null,
    version bigint not null,
    content_hash bytea not null,
    reference text collate "C" null,
    note text collate "C" null,
    due_on text collate "C" null,
    principal text collate "C" not null,
    author text collate "C" not null,
    approved_by text collate "C" null,
    approver text collate "C" null,
    created_at bigint not null,
    changed_at bigint not null,
    journal uuid not null
);
create unique index inventory_paper_by_number on inventory_paper (number);
create index inventory_paper_state on inventory_paper (store, kind, state, changed_at, id);
create index inventory_paper_latest on inventory_paper (store, kind, changed_at, id);
create index inventory_paper_arriving on inventory_paper (to_store, kind, state, changed_at, id);
create index inventory_paper_party on inventory_paper (party, kind, state, changed_at, id);

-- The number that the next document of a kind gets in a store.
create table inventory_paper_number (
    store uuid not null,
    kind text collate "C" not null,
    next bigint not null,
    primary key (store, kind)
);

-- From which value on somebody else has to approve.
create table inventory_approval_limit (
    store uuid not null,
    kind text collate "C" not null,
    amount bigint not null,
    primary key (store, kind)
);

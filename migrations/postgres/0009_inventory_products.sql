-- Products: versions of items, limits per store, pictures, and which changes can be undone.

alter table inventory_item add column version bigint not null default 1;
alter table inventory_item add column image text collate "C" null;

-- How few and how many of an item a store wants to have.
create table inventory_limit (
    item uuid not null,
    store uuid not null,
    minimum bigint null,
    maximum bigint null,
    primary key (item, store)
);
create index inventory_limit_store on inventory_limit (store, item);

-- Pictures, each once: named by the SHA-256 of what is stored, so that one never changes.
create table inventory_image (
    hash text collate "C" not null primary key,
    bytes bytea not null,
    created_at bigint not null
);

-- Acts that changed items: what caused them, and what undid them.
create table inventory_change (
    journal uuid not null primary key,
    cause text collate "C" not null,
    changed_at bigint not null,
    undone_by uuid null
);
create index inventory_change_cause on inventory_change (cause, changed_at);

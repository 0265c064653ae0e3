-- Products: versions of items, limits per store, pictures, and which changes can be undone.

alter table inventory_item add column version integer not null default 1;
alter table inventory_item add column image text null;

-- How few and how many of an item a store wants to have.
create table inventory_limit (
    item blob not null,
    store blob not null,
    minimum integer null,
    maximum integer null,
    primary key (item, store)
) strict, without rowid;
create index inventory_limit_store on inventory_limit (store, item);

-- Pictures, each once: named by the SHA-256 of what is stored, so that one never changes.
create table inventory_image (
    hash text not null primary key,
    bytes blob not null,
    created_at integer not null
) strict;

-- Acts that changed items: what caused them, and what undid them.
create table inventory_change (
    journal blob not null primary key,
    cause text not null,
    changed_at integer not null,
    undone_by blob null
) strict, without rowid;
create index inventory_change_cause on inventory_change (cause, changed_at);

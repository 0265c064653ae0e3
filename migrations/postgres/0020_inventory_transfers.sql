-- Places inside a store, goods on the way from one to another, and their condition.

alter table inventory_location add column archived_at bigint null;
create index inventory_location_parent on inventory_location (store, parent, code);

-- Every store has a place for what it has sent, for what is looked at, and for what is good for nothing.
insert into inventory_location (id, store, parent, code, name, kind)
select gen_random_uuid(), id, null, 'TRANSIT', 'On the way', 'transit' from inventory_store;
insert into inventory_location (id, store, parent, code, name, kind)
select gen_random_uuid(), id, null, 'INSPECTION', 'Inspection', 'inspection' from inventory_store;
insert into inventory_location (id, store, parent, code, name, kind)
select gen_random_uuid(), id, null, 'SCRAP', 'Scrap', 'scrap' from inventory_store;

-- From which place to which a transfer goes.
create table inventory_transfer (
    paper uuid not null primary key,
    from_location uuid not null,
    to_location uuid not null
);

-- What is to be sent, and what became of it; the rest of what was shipped is on the way.
create table inventory_transfer_line (
    paper uuid not null,
    item uuid not null,
    asked bigint not null check (asked > 0),
    shipped bigint not null,
    received bigint not null,
    returned bigint not null,
    lost bigint not null,
    primary key (paper, item),
    check (received >= 0 and returned >= 0 and lost >= 0 and received + returned + lost <= shipped)
);
create index inventory_transfer_line_item on inventory_transfer_line (item, paper);
-- A store's arrivals of all states, the latest first.
create index inventory_paper_to_latest on inventory_paper (to_store, kind, changed_at, id);

-- What somebody counts of a delivery before it is booked in: each person's part under the id of the posting that books it,
-- so that it counts once, whoever books it. `delivery` is the order, or what those have in common who share one without.
create table inventory_arrival (
    id uuid not null primary key,
    delivery uuid not null,
    store uuid not null,
    principal text collate "C" not null,
    person text collate "C" not null,
    -- Rises with each change on the device: what comes late says nothing.
    turn bigint not null,
    lines bigint not null,
    -- The receipt that it becomes, as JSON.
    content text collate "C" not null,
    -- `open`; `booked` as it stands here; `posted` by its own device, maybe with more; `discarded`.
    state text collate "C" not null,
    ender text collate "C" null,
    opened_at bigint not null,
    changed_at bigint not null
);
create index inventory_arrival_open on inventory_arrival (store, changed_at) where state = 'open';

-- What somebody counts of a delivery before it is booked in: each person's part under the id of the posting that books it,
-- so that it counts once, whoever books it. `delivery` is the order, or what those have in common who share one without.
create table inventory_arrival (
    id blob not null primary key,
    delivery blob not null,
    store blob not null,
    principal text not null,
    person text not null,
    -- Rises with each change on the device: what comes late says nothing.
    turn integer not null,
    lines integer not null,
    -- The receipt that it becomes, as JSON.
    content text not null,
    -- `open`; `booked` as it stands here; `posted` by its own device, maybe with more; `discarded`.
    state text not null,
    ender text null,
    opened_at integer not null,
    changed_at integer not null
) strict, without rowid;
create index inventory_arrival_open on inventory_arrival (store, changed_at) where state = 'open';

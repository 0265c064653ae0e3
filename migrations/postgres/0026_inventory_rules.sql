-- Up to which day, its own included, a store's books are closed.
create table inventory_lock (
    store uuid primary key not null,
    day text collate "C" not null,
    -- The first moment after it, on the store's clock.
    open_from bigint not null,
    set_at bigint not null
);

-- Up to which day, its own included, a store's books are closed.
create table inventory_lock (
    store blob primary key not null,
    day text not null,
    -- The first moment after it, on the store's clock.
    open_from integer not null,
    set_at integer not null
) strict, without rowid;

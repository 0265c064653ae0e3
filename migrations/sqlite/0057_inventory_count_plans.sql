-- Counts that come again by themselves: what they go over, every how many days, and what became of their last day.

create table inventory_count_plan (
    id blob not null primary key,
    store blob not null,
    choice text not null,
    location blob not null,
    most integer not null,
    every integer not null check (every > 0),
    -- The next day on which it makes a count, on the store's clock; the last one on which it was its turn.
    next_on text not null,
    last_on text null,
    last_paper blob null,
    -- Why there was no count on that day.
    missed text null,
    note text null,
    state text not null,
    version integer not null,
    author text not null,
    journal blob not null
) strict, without rowid;
create index inventory_count_plan_store on inventory_count_plan (store, state);

-- Counts that come again by themselves: what they go over, every how many days, and what became of their last day.

create table inventory_count_plan (
    id uuid not null primary key,
    store uuid not null,
    choice text collate "C" not null,
    location uuid not null,
    most bigint not null,
    every bigint not null check (every > 0),
    -- The next day on which it makes a count, on the store's clock; the last one on which it was its turn.
    next_on text collate "C" not null,
    last_on text collate "C" null,
    last_paper uuid null,
    -- Why there was no count on that day.
    missed text collate "C" null,
    note text collate "C" null,
    state text collate "C" not null,
    version bigint not null,
    author text collate "C" not null,
    journal uuid not null
);
create index inventory_count_plan_store on inventory_count_plan (store, state);

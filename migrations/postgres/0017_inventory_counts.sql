-- Counts: what the shelves hold, as people find it. The heads are in inventory_paper.

create table inventory_count (
    paper uuid not null primary key,
    store uuid not null,
    -- What it goes over: `store`, `items`, or the plan by which its items were chosen.
    choice text collate "C" not null,
    entries bigint not null,
    items bigint not null,
    -- What came of it, from its approval on.
    lines bigint null,
    accurate bigint null,
    gained bigint null,
    lost bigint null,
    posted_at bigint null
);
create index inventory_count_posted on inventory_count (store, posted_at) where posted_at is not null;

-- One item in a count. `counted` is the sum of its entries of this round; `expected`, `price` and `accurate` are
-- written with the approval, `posting` when the difference is booked.
create table inventory_count_line (
    paper uuid not null,
    item uuid not null,
    round bigint not null,
    accepted bigint not null,
    counted bigint null,
    first_at bigint null,
    counted_at bigint null,
    expected bigint null,
    price bigint null,
    accurate bigint null,
    posting uuid null,
    primary key (paper, item)
);
create index inventory_count_line_posting on inventory_count_line (posting, item) where posting is not null;

create table inventory_count_entry (
    id uuid not null primary key,
    paper uuid not null,
    item uuid not null,
    round bigint not null,
    quantity bigint not null,
    shelf text collate "C" null,
    principal text collate "C" not null,
    author text collate "C" not null,
    counted_at bigint not null,
    recorded_at bigint not null
);
create index inventory_count_entry_item on inventory_count_entry (paper, item, round);
create index inventory_count_entry_latest on inventory_count_entry (paper, recorded_at, id);

-- When an item was last counted in a store.
create table inventory_counted (
    store uuid not null,
    item uuid not null,
    counted_at bigint not null,
    primary key (store, item)
);

-- What may be different without anybody having to look.
create table inventory_count_tolerance (
    store uuid not null primary key,
    percent bigint not null,
    quantity bigint not null
);

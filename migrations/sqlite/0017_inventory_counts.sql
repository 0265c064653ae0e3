-- Counts: what the shelves hold, as people find it. The heads are in inventory_paper.

create table inventory_count (
    paper blob not null primary key,
    store blob not null,
    -- What it goes over: `store`, `items`, or the plan by which its items were chosen.
    choice text not null,
    entries integer not null,
    items integer not null,
    -- What came of it, from its approval on.
    lines integer null,
    accurate integer null,
    gained integer null,
    lost integer null,
    posted_at integer null
) strict, without rowid;
create index inventory_count_posted on inventory_count (store, posted_at) where posted_at is not null;

-- One item in a count. `counted` is the sum of its entries of this round; `expected`, `price` and `accurate` are
-- written with the approval, `posting` when the difference is booked.
create table inventory_count_line (
    paper blob not null,
    item blob not null,
    round integer not null,
    accepted integer not null,
    counted integer null,
    first_at integer null,
    counted_at integer null,
    expected integer null,
    price integer null,
    accurate integer null,
    posting blob null,
    primary key (paper, item)
) strict, without rowid;
create index inventory_count_line_posting on inventory_count_line (posting, item) where posting is not null;

create table inventory_count_entry (
    id blob not null primary key,
    paper blob not null,
    item blob not null,
    round integer not null,
    quantity integer not null,
    shelf text null,
    principal text not null,
    author text not null,
    counted_at integer not null,
    recorded_at integer not null
) strict, without rowid;
create index inventory_count_entry_item on inventory_count_entry (paper, item, round);
create index inventory_count_entry_latest on inventory_count_entry (paper, recorded_at, id);

-- When an item was last counted in a store.
create table inventory_counted (
    store blob not null,
    item blob not null,
    counted_at integer not null,
    primary key (store, item)
) strict, without rowid;

-- What may be different without anybody having to look.
create table inventory_count_tolerance (
    store blob not null primary key,
    percent integer not null,
    quantity integer not null
) strict, without rowid;

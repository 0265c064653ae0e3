-- What goods cost: layers, what left them, and the value journal. All of it can be dropped and made again from the
-- journal. Line 0 of journal line 0 is what is owed below zero; line 1 of it is the pool of what is costed by average.

create table report_cost_head (
    one integer not null primary key check (one = 1),
    seq integer not null
) strict;
insert into report_cost_head (one, seq) values (1, 0);

-- How an item is costed, where that is not by the oldest layer first.
create table report_costing (
    item blob not null primary key,
    costing text not null
) strict, without rowid;

-- What an item is worth in a store: the sum of its layers less what is owed.
create table report_cost_pile (
    store blob not null,
    item blob not null,
    quantity integer not null,
    value integer not null,
    owed integer not null,
    owed_value integer not null,
    last_cost integer null,
    primary key (store, item)
) strict, without rowid;

-- Goods that came in together: how many and worth what, and what is left of them.
create table report_cost_layer (
    store blob not null,
    item blob not null,
    seq integer not null,
    line integer not null,
    account text not null,
    came integer not null,
    value integer not null,
    landed integer not null,
    quantity_left integer not null,
    value_left integer not null,
    known integer not null,
    primary key (store, item, seq, line)
) strict, without rowid;
create index report_cost_layer_open on report_cost_layer (store, item) where quantity_left > 0;

-- What left which layer, and where.
create table report_cost_use (
    store blob not null,
    item blob not null,
    layer_seq integer not null,
    layer_line integer not null,
    seq integer not null,
    line integer not null,
    quantity integer not null,
    value integer not null,
    primary key (store, item, layer_seq, layer_line, seq, line)
) strict, without rowid;
create index report_cost_use_left on report_cost_use (seq, line);

-- The value journal: inventory + counter + revaluation + residue = 0 in each row.
create table report_cost_entry (
    seq integer not null,
    nth integer not null,
    line integer not null,
    posting blob not null,
    store blob not null,
    item blob not null,
    day text not null,
    learnt integer not null,
    account text not null,
    quantity integer not null,
    inventory integer not null,
    counter integer not null,
    revaluation integer not null,
    residue integer not null,
    primary key (seq, nth)
) strict, without rowid;
create index report_cost_entry_posting on report_cost_entry (posting);
create index report_cost_entry_day on report_cost_entry (store, day);

-- What goods cost: layers, what left them, and the value journal. All of it can be dropped and made again from the
-- journal. Line 0 of journal line 0 is what is owed below zero; line 1 of it is the pool of what is costed by average.

create table report_cost_head (
    one bigint not null primary key check (one = 1),
    seq bigint not null
);
insert into report_cost_head (one, seq) values (1, 0);

-- How an item is costed, where that is not by the oldest layer first.
create table report_costing (
    item uuid not null primary key,
    costing text collate "C" not null
);

-- What an item is worth in a store: the sum of its layers less what is owed.
create table report_cost_pile (
    store uuid not null,
    item uuid not null,
    quantity bigint not null,
    value bigint not null,
    owed bigint not null,
    owed_value bigint not null,
    last_cost bigint null,
    primary key (store, item)
);

-- Goods that came in together: how many and worth what, and what is left of them.
create table report_cost_layer (
    store uuid not null,
    item uuid not null,
    seq bigint not null,
    line bigint not null,
    account text collate "C" not null,
    came bigint not null,
    value bigint not null,
    landed bigint not null,
    quantity_left bigint not null,
    value_left bigint not null,
    known boolean not null,
    primary key (store, item, seq, line)
);
create index report_cost_layer_open on report_cost_layer (store, item) where quantity_left > 0;

-- What left which layer, and where.
create table report_cost_use (
    store uuid not null,
    item uuid not null,
    layer_seq bigint not null,
    layer_line bigint not null,
    seq bigint not null,
    line bigint not null,
    quantity bigint not null,
    value bigint not null,
    primary key (store, item, layer_seq, layer_line, seq, line)
);
create index report_cost_use_left on report_cost_use (seq, line);

-- The value journal: inventory + counter + revaluation + residue = 0 in each row.
create table report_cost_entry (
    seq bigint not null,
    nth bigint not null,
    line bigint not null,
    posting uuid not null,
    store uuid not null,
    item uuid not null,
    day text collate "C" not null,
    learnt bigint not null,
    account text collate "C" not null,
    quantity bigint not null,
    inventory bigint not null,
    counter bigint not null,
    revaluation bigint not null,
    residue bigint not null,
    primary key (seq, nth)
);
create index report_cost_entry_posting on report_cost_entry (posting);
create index report_cost_entry_day on report_cost_entry (store, day);

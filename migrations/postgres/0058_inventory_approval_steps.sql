-- Who approves by value: several steps for each kind of document, where there was one limit.

create table inventory_approval_step (
    store uuid not null,
    kind text collate "C" not null,
    -- Above it.
    amount bigint not null,
    approver text collate "C" not null,
    primary key (store, kind, amount)
);
insert into inventory_approval_step (store, kind, amount, approver)
    select store, kind, amount, approver from inventory_approval_limit;
drop table inventory_approval_limit;

-- Who approves by value: several steps for each kind of document, where there was one limit.

create table inventory_approval_step (
    store blob not null,
    kind text not null,
    -- Above it.
    amount integer not null,
    approver text not null,
    primary key (store, kind, amount)
) strict, without rowid;
insert into inventory_approval_step (store, kind, amount, approver)
    select store, kind, amount, approver from inventory_approval_limit;
drop table inventory_approval_limit;

-- Who approves above a store's limit, and corrections that are above it: what they are about is kept here, because nothing
-- is in the ledger of it until somebody else has approved.

alter table inventory_approval_limit add column approver text collate "C" not null default 'manager';

create table inventory_correction (
    paper uuid not null primary key,
    reason text collate "C" not null,
    word text collate "C" null,
    counted bigint not null,
    occurred_at bigint not null,
    device text collate "C" not null,
    value bigint null,
    lines bigint not null,
    stepper text collate "C" not null
);

create table inventory_correction_line (
    paper uuid not null,
    line bigint not null,
    item uuid not null,
    quantity bigint not null,
    price bigint null,
    reason text collate "C" null,
    -- The serial numbers or the lot that it names, each on a line of its own.
    codes text collate "C" null,
    primary key (paper, line)
);

-- What was told of a delivery's cost is shown beside it.
create index inventory_cost_receipt on inventory_cost (receipt, id);

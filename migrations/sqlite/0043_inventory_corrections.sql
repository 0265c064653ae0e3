-- Who approves above a store's limit, and corrections that are above it: what they are about is kept here, because nothing
-- is in the ledger of it until somebody else has approved.

alter table inventory_approval_limit add column approver text not null default 'manager';

create table inventory_correction (
    paper blob not null primary key,
    reason text not null,
    word text null,
    counted integer not null,
    occurred_at integer not null,
    device text not null,
    value integer null,
    lines integer not null,
    stepper text not null
) strict, without rowid;

create table inventory_correction_line (
    paper blob not null,
    line integer not null,
    item blob not null,
    quantity integer not null,
    price integer null,
    reason text null,
    -- The serial numbers or the lot that it names, each on a line of its own.
    codes text null,
    primary key (paper, line)
) strict, without rowid;

-- What was told of a delivery's cost is shown beside it.
create index inventory_cost_receipt on inventory_cost (receipt, id);

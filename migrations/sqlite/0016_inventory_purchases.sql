-- Suppliers, what they sell to us, and the lines of purchase orders; an order's head is in inventory_paper.

create table inventory_supplier (
    id blob not null primary key,
    code text not null,
    name text not null,
    email text not null,
    phone text not null,
    note text not null,
    lead_days integer not null,
    tolerance integer not null,
    archived integer not null,
    version integer not null,
    search text not null,
    created_at integer not null,
    journal blob not null
) strict, without rowid;
create unique index inventory_supplier_code on inventory_supplier (code);
create index inventory_supplier_listed on inventory_supplier (archived, code);

create table inventory_supplier_item (
    supplier blob not null,
    item blob not null,
    code text not null,
    price integer null,
    minimum integer null,
    multiple integer null,
    lead_days integer null,
    archived integer not null,
    primary key (supplier, item)
) strict, without rowid;

-- What a purchase order has beside its head. Who wrote it last, and who took its last step.
create table inventory_purchase (
    paper blob not null primary key,
    value integer not null,
    writer text not null,
    stepper text not null,
    reason text null
) strict, without rowid;

create table inventory_purchase_line (
    paper blob not null,
    item blob not null,
    line integer not null,
    ordered integer not null,
    unit_cost integer null,
    code text not null,
    received integer not null,
    rejected integer not null,
    primary key (paper, item)
) strict, without rowid;

-- What a posting booked in against an order, item by item. Its undoing leaves it here.
create table inventory_purchase_receipt (
    posting blob not null,
    item blob not null,
    paper blob not null,
    received integer not null,
    rejected integer not null,
    reason text null,
    primary key (posting, item)
) strict, without rowid;
create index inventory_purchase_receipt_paper on inventory_purchase_receipt (paper, posting);

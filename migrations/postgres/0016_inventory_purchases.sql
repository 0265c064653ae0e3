-- Suppliers, what they sell to us, and the lines of purchase orders; an order's head is in inventory_paper.

create table inventory_supplier (
    id uuid not null primary key,
    code text collate "C" not null,
    name text collate "C" not null,
    email text collate "C" not null,
    phone text collate "C" not null,
    note text collate "C" not null,
    lead_days bigint not null,
    tolerance bigint not null,
    archived bigint not null,
    version bigint not null,
    search text collate "C" not null,
    created_at bigint not null,
    journal uuid not null
);
create unique index inventory_supplier_code on inventory_supplier (code);
create index inventory_supplier_listed on inventory_supplier (archived, code);

create table inventory_supplier_item (
    supplier uuid not null,
    item uuid not null,
    code text collate "C" not null,
    price bigint null,
    minimum bigint null,
    multiple bigint null,
    lead_days bigint null,
    archived bigint not null,
    primary key (supplier, item)
);

-- What a purchase order has beside its head. Who wrote it last, and who took its last step.
create table inventory_purchase (
    paper uuid not null primary key,
    value bigint not null,
    writer text collate "C" not null,
    stepper text collate "C" not null,
    reason text collate "C" null
);

create table inventory_purchase_line (
    paper uuid not null,
    item uuid not null,
    line bigint not null,
    ordered bigint not null,
    unit_cost bigint null,
    code text collate "C" not null,
    received bigint not null,
    rejected bigint not null,
    primary key (paper, item)
);

-- What a posting booked in against an order, item by item. Its undoing leaves it here.
create table inventory_purchase_receipt (
    posting uuid not null,
    item uuid not null,
    paper uuid not null,
    received bigint not null,
    rejected bigint not null,
    reason text collate "C" null,
    primary key (posting, item)
);
create index inventory_purchase_receipt_paper on inventory_purchase_receipt (paper, posting);

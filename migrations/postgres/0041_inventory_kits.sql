-- Kits: items that are made of others when they are sold, and have no stock of their own.

-- What a kit is made of, and was: a sale takes what belonged to it at its moment.
create table inventory_component (
    kit uuid not null,
    component uuid not null,
    quantity bigint not null check (quantity > 0),
    since bigint not null,
    -- None for as long as it holds.
    until bigint null,
    primary key (kit, component, since),
    check (kit <> component)
);
create index inventory_component_in on inventory_component (component, kit) where until is null;

-- The lines of sales, returns and their undoings that are kits: such a line has no movement of its own.
create table inventory_kit_line (
    posting uuid not null,
    -- In the document, from 1.
    line bigint not null,
    item uuid not null,
    quantity bigint not null check (quantity > 0),
    unit_price bigint null,
    primary key (posting, line)
);
create index inventory_kit_line_item on inventory_kit_line (item, posting);

-- Which movements belong to such a line, and how many were in one kit.
create table inventory_kit_part (
    posting uuid not null,
    -- The movement.
    line bigint not null,
    kit_line bigint not null,
    size bigint not null check (size > 0),
    primary key (posting, line)
);

-- What a kit in a customer's order is made of since the order was confirmed.
create table inventory_order_part (
    paper uuid not null,
    line bigint not null,
    item uuid not null,
    size bigint not null check (size > 0),
    primary key (paper, line, item)
);

create trigger inventory_kit_line_stays before update or delete or truncate on inventory_kit_line
for each statement execute function inventory_refuse();
create trigger inventory_kit_part_stays before update or delete or truncate on inventory_kit_part
for each statement execute function inventory_refuse();

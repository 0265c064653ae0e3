-- Kits: items that are made of others when they are sold, and have no stock of their own.

-- What a kit is made of, and was: a sale takes what belonged to it at its moment.
create table inventory_component (
    kit blob not null,
    component blob not null,
    quantity integer not null check (quantity > 0),
    since integer not null,
    -- None for as long as it holds.
    until integer null,
    primary key (kit, component, since),
    check (kit <> component)
) strict, without rowid;
create index inventory_component_in on inventory_component (component, kit) where until is null;

-- The lines of sales, returns and their undoings that are kits: such a line has no movement of its own.
create table inventory_kit_line (
    posting blob not null,
    -- In the document, from 1.
    line integer not null,
    item blob not null,
    quantity integer not null check (quantity > 0),
    unit_price integer null,
    primary key (posting, line)
) strict, without rowid;
create index inventory_kit_line_item on inventory_kit_line (item, posting);

-- Which movements belong to such a line, and how many were in one kit.
create table inventory_kit_part (
    posting blob not null,
    -- The movement.
    line integer not null,
    kit_line integer not null,
    size integer not null check (size > 0),
    primary key (posting, line)
) strict, without rowid;

-- What a kit in a customer's order is made of since the order was confirmed.
create table inventory_order_part (
    paper blob not null,
    line integer not null,
    item blob not null,
    size integer not null check (size > 0),
    primary key (paper, line, item)
) strict, without rowid;

create trigger inventory_kit_line_stays before update on inventory_kit_line
begin select raise(abort, 'lines of kits are never changed'); end;
create trigger inventory_kit_line_remains before delete on inventory_kit_line
begin select raise(abort, 'lines of kits are never removed'); end;
create trigger inventory_kit_part_stays before update on inventory_kit_part
begin select raise(abort, 'parts of kits are never changed'); end;
create trigger inventory_kit_part_remains before delete on inventory_kit_part
begin select raise(abort, 'parts of kits are never removed'); end;

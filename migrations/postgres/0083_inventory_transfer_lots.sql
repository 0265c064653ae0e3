-- Transfers name lots: what was scanned is what is sent.

-- Of which lots a transfer is to send so many; the rest of a line is of what expires first.
create table inventory_transfer_lot (
    paper uuid not null,
    item uuid not null,
    code text collate "C" not null,
    quantity bigint not null check (quantity > 0),
    primary key (paper, item, code)
);

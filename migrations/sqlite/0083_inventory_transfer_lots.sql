-- Transfers name lots: what was scanned is what is sent.

-- Of which lots a transfer is to send so many; the rest of a line is of what expires first.
create table inventory_transfer_lot (
    paper blob not null,
    item blob not null,
    code text not null,
    quantity integer not null check (quantity > 0),
    primary key (paper, item, code)
) strict, without rowid;

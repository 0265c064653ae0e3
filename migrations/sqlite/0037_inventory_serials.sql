-- Serial numbers: each is a lot of exactly one piece.

-- Which pieces a transfer is to send.
create table inventory_transfer_serial (
    paper blob not null,
    item blob not null,
    code text not null,
    primary key (paper, item, code)
) strict, without rowid;
-- Whose a number is that was scanned by itself.
create index inventory_lot_number on inventory_lot (code, item);

-- Serial numbers: each is a lot of exactly one piece.

-- Which pieces a transfer is to send.
create table inventory_transfer_serial (
    paper uuid not null,
    item uuid not null,
    code text collate "C" not null,
    primary key (paper, item, code)
);
-- Whose a number is that was scanned by itself.
create index inventory_lot_number on inventory_lot (code, item);

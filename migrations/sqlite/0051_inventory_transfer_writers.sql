-- Who wrote what a transfer is to send: above the limit none of them approves it.
create table inventory_transfer_writer (
    paper blob not null,
    principal text not null,
    primary key (paper, principal)
) strict, without rowid;

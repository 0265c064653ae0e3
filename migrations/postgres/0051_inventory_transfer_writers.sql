-- Who wrote what a transfer is to send: above the limit none of them approves it.
create table inventory_transfer_writer (
    paper uuid not null,
    principal text collate "C" not null,
    primary key (paper, principal)
);

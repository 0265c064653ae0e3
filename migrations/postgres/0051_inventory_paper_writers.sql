-- Who wrote some of what a transfer sends, an order asks for or a count found: above the limit none of them approves it.
create table inventory_paper_writer (
    paper uuid not null,
    principal text collate "C" not null,
    primary key (paper, principal)
);
insert into inventory_paper_writer (paper, principal)
    select paper, writer from inventory_purchase union select paper, principal from inventory_count_entry;
alter table inventory_purchase drop column writer;

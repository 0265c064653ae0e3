-- Who wrote some of what a transfer is to send or an order asks for: above the limit none of them approves it.
create table inventory_paper_writer (
    paper blob not null,
    principal text not null,
    primary key (paper, principal)
) strict, without rowid;
insert into inventory_paper_writer (paper, principal)
    select id, principal from inventory_paper where kind in ('transfer', 'purchase_order')
    union select paper, writer from inventory_purchase;
alter table inventory_purchase drop column writer;

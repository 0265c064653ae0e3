-- How many of an order's lines went to the customer with a posting: undoing it opens the lines again.
create table inventory_order_handed (
    posting uuid not null,
    line bigint not null,
    paper uuid not null,
    quantity bigint not null check (quantity > 0),
    primary key (posting, line)
);

-- When an order to a supplier was approved, and then when it was sent: what is printed bears that day.
alter table inventory_purchase add column issued_at bigint null;
update inventory_purchase set issued_at =
    (select p.changed_at from inventory_paper p where p.id = paper and p.state in ('approved', 'sent'));

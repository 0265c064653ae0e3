-- How many of an order's lines went to the customer with a posting: undoing it opens the lines again.
create table inventory_order_handed (
    posting uuid not null,
    line bigint not null,
    paper uuid not null,
    quantity bigint not null check (quantity > 0),
    primary key (posting, line)
);

-- How many of an order's lines went to the customer with a posting: undoing it opens the lines again.
create table inventory_order_handed (
    posting blob not null,
    line integer not null,
    paper blob not null,
    quantity integer not null check (quantity > 0),
    primary key (posting, line)
) strict, without rowid;

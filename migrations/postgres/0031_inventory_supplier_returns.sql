-- What goes back to a supplier, beside its document's head: with which order it came, and what is expected back for it.
-- Its lines are the movements of the posting with the same id.

create table inventory_supplier_return (
    paper uuid not null primary key,
    ordered uuid null,
    value bigint not null,
    lines bigint not null
);
create index inventory_supplier_return_ordered on inventory_supplier_return (ordered, paper);

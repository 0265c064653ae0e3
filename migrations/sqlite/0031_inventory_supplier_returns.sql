-- What goes back to a supplier, beside its document's head: with which order it came, and what is expected back for it.
-- Its lines are the movements of the posting with the same id.

create table inventory_supplier_return (
    paper blob not null primary key,
    ordered blob null,
    value integer not null,
    lines integer not null
) strict, without rowid;
create index inventory_supplier_return_ordered on inventory_supplier_return (ordered, paper);

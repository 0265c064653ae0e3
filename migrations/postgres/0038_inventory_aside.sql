-- What of a place is set aside: a few rows among all that lie there.
create index inventory_balance_aside on inventory_balance (location, item)
    where condition = 'quarantine' and on_hand <> 0;

-- What is asked of one item, or of the few that need something, is found without a look at all the others.

create index inventory_supplier_item_of on inventory_supplier_item (item, supplier);
create index inventory_exception_of_item on inventory_exception (item, store, opened_at, id) where state = 'open';
create index inventory_lot_balance_of_item on inventory_lot_balance (item, store, until, lot) where on_hand <> 0;
create index inventory_lot_held on inventory_lot (status, id) where status <> 'ok';
-- Of which less can be sold than lies there, or than nothing.
create index inventory_balance_less on inventory_balance (store, item) where on_hand < 0 or reserved > 0;
-- What a store wants to have and never had.
create index inventory_limit_never on inventory_limit (store, item) where moved = 0;

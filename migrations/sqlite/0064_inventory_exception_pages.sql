-- A page of what is to be settled, of all kinds or of one, is read from where the last one ended.

drop index inventory_exception_store;
create index inventory_exception_waiting on inventory_exception (store, opened_at, id) where state = 'open';
create index inventory_exception_of_kind on inventory_exception (store, kind, opened_at, id) where state = 'open';

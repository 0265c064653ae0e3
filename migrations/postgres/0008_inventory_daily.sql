-- The day's work: the history's order, documents by their number, and who settles exceptions, and how.

create index inventory_posting_store on inventory_posting (store, recorded_at, id);
create index inventory_posting_number on inventory_posting (number) where number is not null;

alter table inventory_exception add column taken_by text collate "C" null;
alter table inventory_exception add column taken_name text collate "C" null;
alter table inventory_exception add column settled_at bigint null;
alter table inventory_exception add column settled_by text collate "C" null;
alter table inventory_exception add column resolution text collate "C" null;
-- The journal line of its last change.
alter table inventory_exception add column journal uuid null;

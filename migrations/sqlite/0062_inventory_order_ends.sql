-- An order says until when its goods are kept, and what of it is to be put back when it is cancelled.

-- The last day, on the store's clock.
alter table inventory_order add column kept_until text null;
-- The end of it, while the order is open.
alter table inventory_order add column ends_at integer null;
-- Its goods were let go because nobody had come for them in time.
alter table inventory_order add column lapsed_at integer null;
create index inventory_order_end on inventory_order (ends_at) where ends_at is not null;

-- Off the shelf when it was cancelled.
alter table inventory_order_line add column put_back integer not null default 0 check (put_back >= 0);

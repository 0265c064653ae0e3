-- Since when some of it is counted again: what was counted before is no part of that.
alter table inventory_count add column again_at integer null;

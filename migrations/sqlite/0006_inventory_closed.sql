-- Stores that were closed: out of every list, with all that happened in them kept.
alter table inventory_store add column closed_at integer null;

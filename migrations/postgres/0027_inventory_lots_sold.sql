-- Lots where goods move: what comes back of a sale goes back to the lots that it took.

-- The sale that a return brings back.
alter table inventory_posting add column returns uuid null;
create index inventory_posting_returns on inventory_posting (returns) where returns is not null;

-- In multiples of what an item is bought for a store, and for how many days of its sales something should be left.

alter table inventory_reorder add column multiple integer null;
alter table inventory_reorder add column safety_days integer null;

-- What may be promised goes by the channel: an item has a policy for the web, and an order says through what it came.

-- As elsewhere when there is none.
alter table inventory_item add column web_policy text collate "C" null;
alter table inventory_order add column channel text collate "C" not null default 'till';

-- What may be promised goes by the channel: an item has a policy for the web, and an order says through what it came.

-- As elsewhere when there is none.
alter table inventory_item add column web_policy text null;
alter table inventory_order add column channel text not null default 'till';

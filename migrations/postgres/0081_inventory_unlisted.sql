-- Lists are as fast with a hundred times as many items: what is walked past is asked of a small index, not of each item.

create index inventory_item_unlisted on inventory_item (id, archived_at, kind)
    where archived_at is not null or kind <> 'stocked';
-- What does not stand in the order of what is there though something of it is.
create view inventory_unlisted (id) as
select id from inventory_item where archived_at is not null or kind <> 'stocked';
-- Counts that are due, without a look at those that are not.
create index inventory_paper_due on inventory_paper (store, kind, state, due_on) where due_on is not null;

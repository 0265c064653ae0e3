-- Changes of many items: those that their author gave an id count once, and are answered with the first outcome.

alter table inventory_change add column id uuid null;
alter table inventory_change add column payload_hash bytea null;
alter table inventory_change add column answer text collate "C" null;
create unique index inventory_change_id on inventory_change (id);

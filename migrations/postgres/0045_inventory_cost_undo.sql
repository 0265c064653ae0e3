-- Freight that was added to a delivery is taken back once.

alter table inventory_cost add column undoes uuid null;
create unique index inventory_cost_undoes on inventory_cost (undoes) where undoes is not null;

-- Why a line of a purchase order was proposed, as it was said then.

alter table inventory_purchase_line add column why text null;

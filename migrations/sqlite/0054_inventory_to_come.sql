-- What is still to come of an item is asked for with each row of stock: only the lines that are open.
create index inventory_purchase_line_open on inventory_purchase_line (item, paper) where received < ordered;
create index inventory_transfer_line_open on inventory_transfer_line (item, paper)
where shipped > received + returned + lost;

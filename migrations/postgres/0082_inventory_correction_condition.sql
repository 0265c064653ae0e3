-- What is set aside and good for nothing waits above the limit too, as a correction whose goods are of that condition.
alter table inventory_correction_line add column condition text collate "C" not null default 'sellable';

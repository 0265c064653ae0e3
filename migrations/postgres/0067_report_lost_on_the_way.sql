-- What is lost on its way is written off in the costs from now on. Where goods were ever sent, costs are made anew from
-- the journal's first line, as when costing began; a cursor that is not there begins there.
delete from bus_cursor where subscriber = 'costing'
    and exists (select 1 from inventory_posting where kind = 'transfer');
delete from report_costing where not exists (select 1 from bus_cursor where subscriber = 'costing');
delete from report_cost_pile where not exists (select 1 from bus_cursor where subscriber = 'costing');
delete from report_cost_layer where not exists (select 1 from bus_cursor where subscriber = 'costing');
delete from report_cost_use where not exists (select 1 from bus_cursor where subscriber = 'costing');
delete from report_cost_entry where not exists (select 1 from bus_cursor where subscriber = 'costing');
update report_cost_head set seq = 0 where not exists (select 1 from bus_cursor where subscriber = 'costing');

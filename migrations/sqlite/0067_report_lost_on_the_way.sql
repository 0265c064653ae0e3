-- What is lost on its way is written off in the costs from now on. They are made anew from the journal's first line, by a
-- subscription of another name, as when costing began.
delete from report_costing;
delete from report_cost_pile;
delete from report_cost_layer;
delete from report_cost_use;
delete from report_cost_entry;
update report_cost_head set seq = 0;

-- Which stores want drafts of what to buy each morning, and the day for which they were written last.

create table report_morning (
    store uuid not null primary key,
    wanted bigint not null,
    done_on text collate "C" null
);

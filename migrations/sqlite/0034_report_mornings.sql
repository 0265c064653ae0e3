-- Which stores want drafts of what to buy each morning, and the day for which they were written last.

create table report_morning (
    store blob not null primary key,
    wanted integer not null,
    done_on text null
) strict, without rowid;

-- Who said of what nobody had counted that none of it is there: they took part in that count.

create table inventory_count_none (
    paper uuid not null,
    principal text not null,
    primary key (paper, principal)
);

-- Since when some of it is counted again: what was counted before is no part of that.
alter table inventory_count add column again_at bigint null;

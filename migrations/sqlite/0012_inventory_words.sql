-- Search: the words of items' names, so that a mistyped one finds those that are near to it.

create table inventory_word (
    word text not null,
    item blob not null,
    primary key (word, item)
) strict, without rowid;
create index inventory_word_item on inventory_word (item);

-- What is searched has no accents and no dashes from now on: the next start writes it, and the words, for every item
-- that has none. Those of a store that was never upgraded are there from the beginning.
update inventory_item set search = '';
create index inventory_item_unsearchable on inventory_item (id) where search = '';

//! What the reports say, told by those who post: figures, costs, and a book-keeper beside them.

mod beancount;
mod buying;
mod costs;
mod deliveries;
mod kits;
mod mornings;
mod replay;
mod sent;
mod shop;
mod sound;
mod story;
mod worth;

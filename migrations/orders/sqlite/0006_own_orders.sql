-- What a buyer's list of orders needs, and whose address an order was placed with.

-- Units; null: placed before they were counted here.
alter table order_rows add column items_count integer;
-- A keyed digest of the normalised address. Its key is the shop's and lies in the store of accounts; erased with the
-- person.
alter table order_rows add column email_digest blob;

create index order_rows_email on order_rows (email_digest) where email_digest is not null;

-- What queries are answered from. Every row can be built again from the journals, but the counter can not.

create table order_rows (
    id text collate "C" not null primary key,
    seq bigint not null,
    number bigint not null unique,
    cart_id text collate "C" not null,
    -- The account or guest that placed it.
    owner text collate "C",
    payment_id text collate "C",
    status text not null,
    -- Minor units.
    total bigint not null,
    currency text not null,
    -- Milliseconds since 1970.
    placed_at bigint not null,
    -- Units; null: placed before they were counted here.
    items_count bigint,
    -- A keyed digest of the normalised address. Its key is the shop's and lies in the store of accounts; erased with the
    -- person.
    email_digest bytea check (length(email_digest) = 32)
) with (fillfactor = 80);

create index order_rows_owner on order_rows (owner, placed_at, id) where owner is not null;
create index order_rows_cart on order_rows (cart_id) where email_digest is not null;
create index order_rows_email on order_rows (email_digest, id) where email_digest is not null;

-- The uses of limited discounts, by order: answers for a claim that the discount no longer keeps in memory.
create table discount_claim_rows (
    discount_id text collate "C" not null,
    order_id text collate "C" not null,
    -- claimed, redeemed or released
    state text not null,
    primary key (discount_id, order_id)
) with (fillfactor = 80);

-- One row: the next order number that nobody has.
create table order_numbers (
    one bigint primary key check (one = 1),
    next bigint not null
);

insert into order_numbers (one, next) values (1, 1001);

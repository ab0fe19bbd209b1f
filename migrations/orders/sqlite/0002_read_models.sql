-- What queries are answered from. Every row can be built again from the journals, but the counter can not.

create table order_rows (
    id text not null primary key,
    seq integer not null,
    number integer not null unique,
    cart_id text not null,
    -- The account or guest that placed it.
    owner text,
    payment_id text,
    status text not null,
    -- Minor units.
    total integer not null,
    currency text not null,
    -- Milliseconds since 1970.
    placed_at integer not null
) strict;

create index order_rows_owner on order_rows (owner, placed_at) where owner is not null;

-- One row: the next order number that nobody has.
create table order_numbers (
    one integer primary key check (one = 1),
    next integer not null
) strict;

insert into order_numbers (one, next) values (1, 1001);

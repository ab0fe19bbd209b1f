-- What queries are answered from. Every row can be built again from the journals, but handles can not.

create table product_rows (
    id text not null primary key,
    seq integer not null,
    handle text not null,
    -- JSON: the published view.
    view text not null,
    -- The position of the commit that wrote the row.
    changed integer not null
) strict;

create index product_rows_handle on product_rows (handle);
create index product_rows_changed on product_rows (changed);

create table variant_rows (
    id text not null primary key,
    product_id text not null,
    sku text
) strict, without rowid;

create index variant_rows_sku on variant_rows (sku) where sku is not null;

create table hold_rows (
    product_id text not null,
    order_id text not null,
    -- held, sold or released
    state text not null,
    -- JSON: variants and quantities.
    lines text not null,
    primary key (product_id, order_id)
) strict, without rowid;

-- Which product a handle was given to, once and for all.
create table handles (
    handle text not null primary key,
    product_id text not null
) strict, without rowid;

-- What queries are answered from. Every row can be built again from the journals.

create table payment_rows (
    id text not null primary key,
    seq integer not null,
    order_id text not null,
    status text not null,
    -- Minor units.
    amount integer not null,
    captured integer not null,
    refunded integer not null,
    currency text not null,
    -- The provider's own name for the payment.
    provider_ref text
) strict;

create index payment_rows_provider_ref on payment_rows (provider_ref) where provider_ref is not null;
create index payment_rows_order_id on payment_rows (order_id);

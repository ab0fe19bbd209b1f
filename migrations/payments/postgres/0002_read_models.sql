-- What queries are answered from. Every row can be built again from the journals.

create table payment_rows (
    id text collate "C" not null primary key,
    seq bigint not null,
    order_id text collate "C" not null,
    status text not null,
    -- Minor units.
    amount bigint not null,
    captured bigint not null,
    refunded bigint not null,
    currency text not null,
    -- The provider's own name for the payment.
    provider_ref text collate "C"
) with (fillfactor = 80);

create index payment_rows_provider_ref on payment_rows (provider_ref, id) where provider_ref is not null;
create index payment_rows_order_id on payment_rows (order_id);

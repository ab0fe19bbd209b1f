-- The uses of limited discounts, by order: answers for a claim that the discount no longer keeps in memory.
-- Can be built again from the journals.

create table discount_claim_rows (
    discount_id text not null,
    order_id text not null,
    -- claimed, redeemed or released
    state text not null,
    primary key (discount_id, order_id)
) strict, without rowid;

-- Plain records: accounts have no journals. Times are milliseconds since 1970.

create table guests (
    id text not null primary key,
    name text not null,
    created_at integer not null
) strict;

create table signing_keys (
    kid text not null primary key,
    -- The Ed25519 seed, 32 bytes.
    secret blob not null check (length(secret) = 32),
    created_at integer not null
) strict;

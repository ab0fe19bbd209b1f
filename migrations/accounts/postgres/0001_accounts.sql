-- Plain records: accounts have no journals. Times are milliseconds since 1970, digests are SHA-256. Ids are compared byte
-- by byte on every server, whatever its language.

create table guests (
    id text collate "C" not null primary key,
    name text not null,
    created_at bigint not null
);

create table signing_keys (
    kid text collate "C" not null primary key,
    -- The Ed25519 seed.
    secret bytea not null check (length(secret) = 32),
    created_at bigint not null,
    -- Until when a key that signs no more still verifies; null: it is not retired.
    ends_at bigint
);

create table accounts (
    id text collate "C" not null primary key,
    -- Grows with each change: whoever replaces the record names the version after the one it read.
    version bigint not null,
    -- Normalised.
    email text collate "C" not null constraint accounts_email_key unique,
    email_confirmed_at bigint,
    name text not null,
    role text not null,
    -- A JSON array.
    permissions text not null,
    -- With its method and costs.
    password text not null,
    -- JSON: secret, state and recovery codes of an authenticator.
    second_factor text,
    cart_id text collate "C",
    -- Access tokens of an earlier epoch are not taken any more.
    epoch bigint not null,
    created_at bigint not null
);

create index accounts_admins on accounts (role) where role = 'admin';

create table sessions (
    id text collate "C" not null primary key,
    account_id text collate "C" not null references accounts (id) on delete cascade,
    user_agent text not null,
    created_at bigint not null,
    used_at bigint not null,
    expires_at bigint not null,
    ended_at bigint
);

create index sessions_account on sessions (account_id, id);
create index sessions_ended on sessions (ended_at) where ended_at is not null;
create index sessions_expiring on sessions (expires_at);

-- Every refresh token of a session, so that one that was exchanged is known when it comes again.
create table refresh_tokens (
    digest bytea not null primary key,
    session_id text collate "C" not null references sessions (id) on delete cascade,
    -- When its successor was made.
    rotated_at bigint
);

create index refresh_tokens_session on refresh_tokens (session_id, rotated_at);
create index refresh_tokens_rotated on refresh_tokens (rotated_at) where rotated_at is not null;

-- What links in mails prove.
create table one_time_secrets (
    digest bytea not null primary key,
    purpose text not null,
    account_id text collate "C" not null references accounts (id) on delete cascade,
    email text not null,
    expires_at bigint not null
);

create index one_time_secrets_account on one_time_secrets (account_id);
create index one_time_secrets_expiring on one_time_secrets (expires_at);

-- Mails that are to be sent. A link's secret is made when it is sent.
create table notes (
    id text collate "C" not null primary key,
    account_id text collate "C" not null references accounts (id) on delete cascade,
    kind text not null,
    email text not null,
    attempts bigint not null,
    created_at bigint not null,
    next_at bigint not null
);

create index notes_due on notes (next_at, id);
create index notes_account on notes (account_id);

create table addresses (
    id text collate "C" not null primary key,
    account_id text collate "C" not null references accounts (id) on delete cascade,
    -- JSON.
    address text not null,
    is_default boolean not null,
    created_at bigint not null
);

create index addresses_account on addresses (account_id);

-- Accounts whose access tokens from before an epoch are not taken any more; kept as long as such a token could live.
create table revocations (
    account_id text collate "C" not null primary key,
    epoch bigint not null,
    at bigint not null
);

create index revocations_at on revocations (at);

create table api_keys (
    id text collate "C" not null primary key,
    name text not null,
    prefix text not null,
    digest bytea not null unique,
    -- A JSON array of permissions.
    scopes text not null,
    created_by text not null,
    created_at bigint not null,
    expires_at bigint
);

create table shop_secrets (
    name text collate "C" not null primary key,
    secret bytea not null check (length(secret) = 32)
);

-- What was done, each record bound to the one before it.
create table audit (
    seq bigint not null primary key,
    at bigint not null,
    action text not null,
    actor text,
    subject text,
    detail text not null,
    hash bytea not null check (length(hash) = 32)
);

create function audit_is_kept() returns trigger language plpgsql as $$
begin
    raise exception 'the audit is neither changed nor shortened';
end $$;

create trigger audit_is_kept before update or delete or truncate on audit
    for each statement execute function audit_is_kept();

-- One row: the newest record, so that the loss of the newest ones shows.
create table audit_head (
    one bigint not null primary key check (one = 1),
    seq bigint not null,
    hash bytea not null
);

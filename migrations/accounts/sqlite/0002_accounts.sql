-- Accounts and what belongs to them. Times are milliseconds since 1970, digests are SHA-256.

create table accounts (
    id text not null primary key,
    -- Grows with each change: whoever replaces the record names the version after the one it read.
    version integer not null,
    -- Normalised.
    email text not null unique,
    email_confirmed_at integer,
    name text not null,
    role text not null,
    -- A JSON array.
    permissions text not null,
    -- With its method and costs.
    password text not null,
    -- JSON: secret, state and recovery codes of an authenticator.
    second_factor text,
    cart_id text,
    -- Access tokens of an earlier epoch are not taken any more.
    epoch integer not null,
    created_at integer not null
) strict;

create index accounts_admins on accounts (role) where role = 'admin';

create table sessions (
    id text not null primary key,
    account_id text not null references accounts (id) on delete cascade,
    user_agent text not null,
    created_at integer not null,
    used_at integer not null,
    expires_at integer not null,
    ended_at integer
) strict;

create index sessions_account on sessions (account_id, id);
create index sessions_ended on sessions (ended_at) where ended_at is not null;
create index sessions_expiring on sessions (expires_at);

-- Every refresh token of a session, so that one that was exchanged is known when it comes again.
create table refresh_tokens (
    digest blob not null primary key,
    session_id text not null references sessions (id) on delete cascade,
    -- When its successor was made.
    rotated_at integer
) strict, without rowid;

create index refresh_tokens_session on refresh_tokens (session_id, rotated_at);

-- What links in mails prove.
create table one_time_secrets (
    digest blob not null primary key,
    purpose text not null,
    account_id text not null references accounts (id) on delete cascade,
    email text not null,
    expires_at integer not null
) strict, without rowid;

create index one_time_secrets_account on one_time_secrets (account_id);

-- Mails that are to be sent. A link's secret is made when it is sent.
create table notes (
    id text not null primary key,
    account_id text not null references accounts (id) on delete cascade,
    kind text not null,
    email text not null,
    attempts integer not null,
    created_at integer not null,
    next_at integer not null
) strict;

create index notes_due on notes (next_at);
create index notes_account on notes (account_id);

create table addresses (
    id text not null primary key,
    account_id text not null references accounts (id) on delete cascade,
    -- JSON.
    address text not null,
    is_default integer not null check (is_default in (0, 1)),
    created_at integer not null
) strict;

create index addresses_account on addresses (account_id);

-- Accounts whose access tokens from before an epoch are not taken any more; kept as long as such a token could live.
create table revocations (
    account_id text not null primary key,
    epoch integer not null,
    at integer not null
) strict;

create index revocations_at on revocations (at);

create table api_keys (
    id text not null primary key,
    name text not null,
    prefix text not null,
    digest blob not null unique,
    -- A JSON array of permissions.
    scopes text not null,
    created_by text not null,
    created_at integer not null,
    expires_at integer
) strict;

-- Until when a key that signs no more still verifies; null: it is not retired.
alter table signing_keys add column ends_at integer;

create table shop_secrets (
    name text not null primary key,
    secret blob not null check (length(secret) = 32)
) strict;

-- What was done, each record bound to the one before it.
create table audit (
    seq integer not null primary key,
    at integer not null,
    action text not null,
    actor text,
    subject text,
    detail text not null,
    hash blob not null check (length(hash) = 32)
) strict;

create trigger audit_is_not_changed before update on audit
begin
    select raise(abort, 'the audit is not changed');
end;

create trigger audit_is_not_shortened before delete on audit
begin
    select raise(abort, 'the audit is not shortened');
end;

-- One row: the newest record, so that the loss of the newest ones shows.
create table audit_head (
    one integer not null primary key check (one = 1),
    seq integer not null,
    hash blob not null
) strict;

-- What consumers outside are told of orders, and where webhooks go. Times are milliseconds since 1970.

-- One row for each consumer and event. The payload is made from the journal when it is sent: no personal data here.
create table deliveries (
    -- Grows with every delivery and is never given twice.
    position bigint generated always as identity primary key,
    -- Derived from consumer, entity and number: relayed twice it is one row, sent twice it has one name.
    id text collate "C" not null unique,
    -- 'mail' or 'webhook'.
    consumer text collate "C" not null,
    -- webhook_endpoints.id; empty for a consumer that is alone of its kind.
    endpoint text collate "C" not null,
    -- The entity, and the number of the event in its journal.
    entity text collate "C" not null,
    seq bigint not null,
    kind text not null,
    state text collate "C" not null check (state in ('pending', 'delivered', 'parked')),
    -- How often it was sent in vain or with success since it was last asked for.
    attempts bigint not null default 0,
    -- When it is sent (again); null once it is settled.
    next_at bigint,
    created_at bigint not null,
    -- The newest attempt.
    attempted_at bigint,
    last_error text,
    -- An HTTP status or an SMTP code.
    last_status bigint,
    check ((state = 'pending') = (next_at is not null))
);

create index deliveries_due on deliveries (consumer, endpoint, next_at, position) where state = 'pending';
create index deliveries_line on deliveries (entity, consumer, endpoint, position) where state = 'pending';
create index deliveries_waiting on deliveries (created_at) where state = 'pending';
create index deliveries_settled on deliveries (state, attempted_at) where state <> 'pending';
create index deliveries_log on deliveries (endpoint, position) where endpoint <> '';

create table webhook_endpoints (
    id text collate "C" not null primary key,
    -- Grows with each change: whoever replaces the record names the version after the one it read.
    version bigint not null,
    url text not null,
    description text not null,
    -- JSON array of event types; empty: all.
    events text not null,
    -- JSON array of secrets with the times they end at, the newest first.
    secrets text not null,
    -- Why nothing is sent; null while it is enabled.
    disabled_because text,
    created_at bigint not null,
    changed_at bigint not null
);

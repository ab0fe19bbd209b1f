-- The journals of this domain. Numbers of events are without gaps within an entity. Times are milliseconds since 1970.
-- Ids are compared byte by byte on every server, whatever its language.

-- One row for each entity: where its journal stands. Rows are changed with every commit, so pages keep some room, and a
-- new version of a row lies beside the old one.
create table entities (
    -- The entity's short name within this schema. Entities that were made at the same time lie side by side in the
    -- index of commits, so that a batch of writes touches few pages.
    number bigint generated always as identity primary key,
    id text collate "C" not null unique,
    -- The number of the newest event.
    head bigint not null,
    -- The first number of the newest commit, so the commit's predecessor is last_first - 1.
    last_first bigint not null,
    -- The time and the id of the newest commit.
    at bigint not null,
    commit_id uuid not null,
    -- When the entity wants to be woken.
    due_at bigint,
    -- The newest number that was handed to the consumers of the outbox.
    relayed_to bigint not null default 0,
    -- The time of the oldest commit beyond that number; null when there is none.
    unrelayed_since bigint,
    check (0 < last_first and last_first <= head and 0 <= relayed_to and relayed_to <= head),
    check ((relayed_to < head) = (unrelayed_since is not null))
) with (fillfactor = 80);

create index entities_due on entities (due_at) where due_at is not null;
create index entities_unrelayed on entities (unrelayed_since) where unrelayed_since is not null;

-- Kept apart from entities, so that moving a head does not write the state again.
create table snapshots (
    -- entities.number
    entity bigint primary key,
    -- The number of the last event in the state.
    seq bigint not null,
    -- The version of the state's form.
    version bigint not null,
    state text not null
) with (fillfactor = 80);

create table commits (
    -- entities.number
    entity bigint not null,
    -- The number of the commit's first event, and how many events it has.
    first bigint not null,
    count bigint not null,
    commit_id uuid not null,
    at bigint not null,
    -- A JSON array. Not of a JSON type: it comes back byte for byte, also where it has escapes that those refuse.
    events text not null,
    primary key (entity, first)
);

-- Commits that a snapshot covers. Read only when that snapshot is of no use.
create table archived_commits (
    entity bigint not null,
    first bigint not null,
    count bigint not null,
    commit_id uuid not null,
    at bigint not null,
    events text not null,
    primary key (entity, first)
);

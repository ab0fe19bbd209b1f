-- The journals of this domain. Numbers of events are without gaps within an entity. Times are
-- milliseconds since 1970.

-- One row for each entity: where its journal stands.
create table entities (
    -- The entity's short name within this file. Entities that were made at the same time lie side by
    -- side, here and in the index of commits, so that a batch of writes touches few pages.
    number integer primary key,
    id text not null unique,
    -- The number of the newest event.
    head integer not null,
    -- The first number of the newest commit, so the commit's predecessor is last_first - 1.
    last_first integer not null,
    -- The time and the id of the newest commit.
    at integer not null,
    commit_id blob not null,
    -- When the entity wants to be woken.
    due_at integer,
    -- The newest number that was handed to the consumers of the outbox.
    relayed_to integer not null default 0,
    -- The time of the oldest commit beyond that number; null when there is none.
    unrelayed_since integer,
    check (0 < last_first and last_first <= head and 0 <= relayed_to and relayed_to <= head),
    check ((relayed_to < head) = (unrelayed_since is not null))
) strict;

create index entities_due on entities (due_at) where due_at is not null;
create index entities_unrelayed on entities (unrelayed_since) where unrelayed_since is not null;

-- Kept apart from entities, so that moving a head does not write the state again.
create table snapshots (
    -- entities.number
    entity integer primary key,
    -- The number of the last event in the state.
    seq integer not null,
    -- The version of the state's form.
    version integer not null,
    state text not null
) strict;

create table commits (
    -- Grows with every commit of the store and is never given twice.
    position integer primary key autoincrement,
    -- entities.number
    entity integer not null,
    -- The number of the commit's first event, and how many events it has.
    first integer not null,
    count integer not null,
    commit_id blob not null,
    at integer not null,
    -- A JSON array.
    events text not null,
    unique (entity, first)
) strict;

-- Commits that a snapshot covers. Read only when that snapshot is of no use.
create table archived_commits (
    position integer primary key,
    entity integer not null,
    first integer not null,
    count integer not null,
    commit_id blob not null,
    at integer not null,
    events text not null,
    unique (entity, first)
) strict;

//! The statements that read journals. Parameters as in their names' order: entity, snapshot version or number, limit.

/// One statement, so that head, snapshot and tail are of the same moment. The first row is the entity with its
/// snapshot, the others are commits: see [`LoadedRow`](crate::sql::events::LoadedRow).
pub(super) const LOAD: &str = "
    with it as materialized (
        select number, head, at, commit_id, seq, state
        from entities left join snapshots on entity = number and version = $2
        where id = $1
    )
    select 0::bigint as first, head as count, at, uuid_send(commit_id), seq, state from it
    union all
    select commits.first, commits.count, commits.at, null, null, commits.events
    from it join archived_commits as commits on commits.entity = it.number and commits.first > coalesce(it.seq, 0)
    union all
    select commits.first, commits.count, commits.at, null, null, commits.events
    from it join commits on commits.entity = it.number and commits.first > coalesce(it.seq, 0)
    order by first";

/// The commit that holds number $2 + 1 and those after it, at most $3.
pub(super) const COMMITS_AFTER: &str = "
    with it as materialized (select number from entities where id = $1)
    (select first, at, events from archived_commits
     where entity = (select number from it) and first >= coalesce(
        (select max(first) from archived_commits where entity = (select number from it) and first <= $2 + 1), 0)
     order by first limit $3)
    union all
    (select first, at, events from commits
     where entity = (select number from it) and first >= coalesce(
        (select max(first) from commits where entity = (select number from it) and first <= $2 + 1), 0)
     order by first limit $3)
    order by first limit $3";

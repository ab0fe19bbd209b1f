//! The statements that give sections out and take them in. Rows go in as one relation `r` with the section's fields as
//! its columns, which each engine makes in its own way.

use crate::moving::{Field, Kind, Record, Section, What};

/// How the engines differ here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

/// A statement that takes records in.
#[derive(Debug)]
pub(crate) struct Insert {
    pub sql: String,
    pub takes: Takes,
}

/// The parameters of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    Nothing,
    Page,
    /// Of each entity the newest commit of the page.
    Newest,
}

impl Insert {
    fn page(sql: String) -> Self {
        Self { sql, takes: Takes::Page }
    }
}

/// Of each entity the newest commit of a page that is in the order of its keys.
pub(crate) fn newest(page: &[Record]) -> Vec<&Record> {
    let is_last = |place: usize| page.get(place + 1).is_none_or(|next| next.first() != page[place].first());
    page.iter().enumerate().filter(|(place, _)| is_last(*place)).map(|(_, record)| record).collect()
}

/// Which records are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum From {
    Beginning,
    /// Parameters: the fields of the key, then what the record has in common with it.
    After,
}

/// The first number of the commit that ends with the snapshot's.
const FIRST_OF_SNAPSHOT: &str = ", coalesce(
    (select max(c.first) from commits as c where c.entity = s.entity and c.first <= s.seq),
    (select max(c.first) from archived_commits as c where c.entity = s.entity and c.first <= s.seq))";

impl Dialect {
    fn parameter(self, place: usize) -> String {
        match self {
            Self::Sqlite => format!("?{}", place + 1),
            Self::Postgres => format!("${}", place + 1),
        }
    }

    /// A parameter of a key.
    fn key_parameter(self, place: usize, kind: Kind) -> String {
        let parameter = self.parameter(place);
        match (self, kind) {
            (Self::Postgres, Kind::Uuid) => format!("encode({parameter}::bytea, 'hex')::uuid"),
            _ => parameter,
        }
    }

    /// A column as it is read.
    fn read(self, column: &str, kind: Kind) -> String {
        match (self, kind) {
            (Self::Postgres, Kind::Uuid) => format!("uuid_send({column})"),
            (Self::Postgres, Kind::Flag) => format!("{column}::int::bigint"),
            _ => column.to_owned(),
        }
    }

    /// The given rows: SQLite takes them as one JSON array of arrays, PostgreSQL as an array for each column.
    fn given(self, fields: &[Field]) -> String {
        match self {
            Self::Sqlite => {
                let column = |(place, field): (usize, &Field)| {
                    let value = format!("e.value->>{place}");
                    let value = match field.kind {
                        Kind::Bytes | Kind::Uuid => format!("unhex({value})"),
                        Kind::Text | Kind::Json | Kind::Integer | Kind::Flag => value,
                    };
                    format!("{value} as \"{}\"", field.name)
                };
                let columns: Vec<String> = fields.iter().enumerate().map(column).collect();
                format!("(select {} from jsonb_each(?1) as e) as r", columns.join(", "))
            }
            Self::Postgres => {
                let column = |field: &Field| match field.kind {
                    Kind::Bytes => format!("decode(u.\"{0}\", 'hex') as \"{0}\"", field.name),
                    Kind::Uuid => format!("u.\"{0}\"::uuid as \"{0}\"", field.name),
                    Kind::Flag => format!("u.\"{0}\" <> 0 as \"{0}\"", field.name),
                    Kind::Text | Kind::Json | Kind::Integer => format!("u.\"{}\"", field.name),
                };
                let array = |(place, field): (usize, &Field)| match field.kind {
                    Kind::Integer | Kind::Flag => format!("${}::bigint[]", place + 1),
                    Kind::Text | Kind::Json | Kind::Bytes | Kind::Uuid => format!("${}::text[]", place + 1),
                };
                let columns: Vec<String> = fields.iter().map(column).collect();
                let arrays: Vec<String> = fields.iter().enumerate().map(array).collect();
                let names: Vec<String> = fields.iter().map(|field| format!("\"{}\"", field.name)).collect();
                format!(
                    "(select {} from unnest({}) as u ({})) as r",
                    columns.join(", "),
                    arrays.join(", "),
                    names.join(", ")
                )
            }
        }
    }

    /// A join whose left side is read first: SQLite takes the word for it, PostgreSQL plans for itself.
    fn join(self) -> &'static str {
        match self {
            Self::Sqlite => "cross join",
            Self::Postgres => "join",
        }
    }
}

/// All records of a section in the order of their keys.
pub(crate) fn select(dialect: Dialect, section: &Section, from: From) -> String {
    let after = |columns: &str| match from {
        From::Beginning => String::new(),
        From::After => {
            let key = section.fields[..section.key].iter().enumerate();
            let key: Vec<String> = key.map(|(place, field)| dialect.key_parameter(place, field.kind)).collect();
            format!(" and ({columns}) > ({})", key.join(", "))
        }
    };
    let join = dialect.join();
    match section.what {
        What::Commits { archived } => {
            let table = if archived { "archived_commits" } else { "commits" };
            let id = dialect.read("c.commit_id", Kind::Uuid);
            // The first condition is the one that an index answers.
            let after = match from {
                From::Beginning => String::new(),
                From::After => {
                    let [id, first] = [dialect.parameter(0), dialect.parameter(1)];
                    format!(" where e.id >= {id} and (e.id > {id} or c.first > {first})")
                }
            };
            format!(
                "select e.id, c.first, c.count, {id}, c.at, c.events from entities as e
                 {join} {table} as c on c.entity = e.number{after} order by e.id, c.first"
            )
        }
        What::Marks => format!(
            "select id, due_at, case when unrelayed_since is not null then relayed_to end from entities
             where (due_at is not null or unrelayed_since is not null){} order by id",
            after("id")
        ),
        What::Snapshots => {
            let first = if section.fields.len() > 4 { FIRST_OF_SNAPSHOT } else { "" };
            format!(
                "select e.id, s.seq, s.version, s.state{first}
                 from entities as e {join} snapshots as s on s.entity = e.number where true{} order by e.id",
                after("e.id")
            )
        }
        What::Rows | What::Counters => {
            let columns: Vec<String> =
                section.fields.iter().map(|field| dialect.read(&quoted(field), field.kind)).collect();
            let key = key_columns(section);
            format!("select {} from {} where true{} order by {key}", columns.join(", "), section.name, after(&key))
        }
    }
}

pub(crate) fn count(section: &Section) -> String {
    match section.what {
        What::Marks => {
            "select count(*) from entities where due_at is not null or unrelayed_since is not null".to_owned()
        }
        What::Commits { .. } | What::Snapshots | What::Rows | What::Counters => {
            format!("select count(*) from {}", section.name)
        }
    }
}

/// The statements that take a page in, in one transaction.
pub(crate) fn insert(dialect: Dialect, section: &Section) -> Vec<Insert> {
    let given = dialect.given(section.fields);
    let join = dialect.join();
    let columns = "entity, first, count, commit_id, at, events";
    let commits_into = |table: &str| {
        Insert::page(format!(
            "insert into {table} ({columns})
             select e.number, r.first, r.count, r.commit_id, r.at, r.events
             from {given} {join} entities as e on e.id = r.entity where true
             on conflict (entity, first) do nothing"
        ))
    };
    match section.what {
        What::Commits { archived } => {
            let mut statements = vec![move_heads(&given)];
            match (archived, dialect) {
                (false, _) => statements.push(commits_into("commits")),
                (true, Dialect::Postgres) => statements.push(commits_into("archived_commits")),
                // Positions come from one counter, so that no two commits ever have the same, wherever they lie.
                (true, Dialect::Sqlite) => statements.extend([
                    commits_into("commits"),
                    Insert::page(format!(
                        "insert into archived_commits (position, {columns})
                         select c.position, c.entity, c.first, c.count, c.commit_id, c.at, c.events
                         from {given} cross join entities as e on e.id = r.entity
                         cross join commits as c on c.entity = e.number and c.first = r.first where true
                         on conflict (entity, first) do nothing"
                    )),
                    Insert::page(format!(
                        "delete from commits where position in (
                            select c.position from {given} cross join entities as e on e.id = r.entity
                            cross join commits as c on c.entity = e.number and c.first = r.first)"
                    )),
                ]),
            }
            statements
        }
        What::Marks => vec![Insert::page(format!(
            "update entities set due_at = r.due_at, relayed_to = coalesce(r.relayed_to, head),
                unrelayed_since = case when r.relayed_to is not null then (
                    select c.at from (
                        select at, first from commits where entity = entities.number and first <= r.relayed_to + 1
                        union all
                        select at, first from archived_commits
                        where entity = entities.number and first <= r.relayed_to + 1
                    ) as c order by c.first desc limit 1) end
             from {given} where entities.id = r.entity"
        ))],
        What::Snapshots => vec![Insert::page(format!(
            "insert into snapshots (entity, seq, version, state)
             select e.number, r.seq, r.version, r.state from {given} {join} entities as e on e.id = r.entity
             where true on conflict (entity) do nothing"
        ))],
        What::Rows if dialect == Dialect::Sqlite && section.name == "product_rows" => vec![Insert::page(format!(
            "insert into product_rows (id, seq, handle, view, changed)
             select r.id, r.seq, r.handle, r.view, coalesce(
                (select max(position) from commits where entity = e.number),
                (select max(position) from archived_commits where entity = e.number))
             from {given} cross join entities as e on e.id = r.id where true on conflict (id) do nothing"
        ))],
        What::Rows | What::Counters => rows(dialect, section, &given),
    }
}

/// The entity of each commit, and its head where no newer one moved it. Of the marks only what a commit that nobody is
/// told of leaves; the others come later.
fn move_heads(given: &str) -> Insert {
    let sql = format!(
        "insert into entities (id, head, last_first, at, commit_id, due_at, relayed_to, unrelayed_since)
         select r.entity, r.first + r.count - 1, r.first, r.at, r.commit_id, null, r.first + r.count - 1, null
         from {given} where true
         on conflict (id) do update set
            head = excluded.head, last_first = excluded.last_first, at = excluded.at,
            commit_id = excluded.commit_id, relayed_to = excluded.relayed_to
         where entities.head < excluded.head"
    );
    Insert { sql, takes: Takes::Newest }
}

fn rows(dialect: Dialect, section: &Section, given: &str) -> Vec<Insert> {
    let columns: Vec<String> = section.fields.iter().map(quoted).collect();
    let read: Vec<String> = columns.iter().map(|column| format!("r.{column}")).collect();
    let key = key_columns(section);
    let is_numbered = section.fields[0].name == "position";
    let overriding = match dialect {
        Dialect::Postgres if is_numbered => " overriding system value",
        _ => "",
    };
    let conflict = match section.what {
        What::Counters => {
            let others = &columns[section.key..];
            let set: Vec<String> = others.iter().map(|column| format!("{column} = excluded.{column}")).collect();
            format!("do update set {}", set.join(", "))
        }
        _ => "do nothing".to_owned(),
    };
    let mut statements = vec![Insert::page(format!(
        "insert into {} ({}){overriding} select {} from {given} where true on conflict ({key}) {conflict}",
        section.name,
        columns.join(", "),
        read.join(", ")
    ))];
    if dialect == Dialect::Postgres && is_numbered {
        // Numbers that were given are not given again.
        let table = section.name;
        let sql = format!(
            "select setval(pg_get_serial_sequence('{table}', 'position'), (select max(position) from {table}))"
        );
        statements.push(Insert { sql, takes: Takes::Nothing });
    }
    statements
}

fn quoted(field: &Field) -> String {
    format!("\"{}\"", field.name)
}

fn key_columns(section: &Section) -> String {
    section.fields[..section.key].iter().map(quoted).collect::<Vec<_>>().join(", ")
}

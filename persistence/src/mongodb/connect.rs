//! The client, and what a server must be able to do.

use std::time::Duration;

use mongodb::Client;
use mongodb::bson::{Document, doc};
use mongodb::error::{Error, ErrorKind};
use mongodb::options::{ClientOptions, Credential, DatabaseOptions, ReadConcern, ReadPreference, SelectionCriteria};

use super::commands::{Commands, integer};
use super::errors::{OpenError, code, describe};
use super::options::MongoOptions;

/// From here on a majority's reads cannot be switched off.
const LEAST_VERSION: (u32, u32) = (5, 0);
const LEAST_VERSION_TEXT: &str = "5.0";

pub(super) struct Connected {
    pub client: Client,
    pub commands: Commands,
}

pub(super) async fn connect(options: &MongoOptions) -> Result<Connected, OpenError> {
    let url = |error: &Error| OpenError::Url { reason: describe(error) };
    let mut client_options = match ClientOptions::parse(&options.url).await {
        Ok(parsed) => parsed,
        Err(error) => {
            return Err(match &*error.kind {
                ErrorKind::DnsResolve { .. } => {
                    OpenError::Unreachable { hosts: "the named hosts".to_owned(), reason: describe(&error) }
                }
                _ => url(&error),
            });
        }
    };
    let hosts: Vec<String> = client_options.hosts.iter().map(ToString::to_string).collect();
    let hosts = hosts.join(", ");
    if let Some(username) = &options.username {
        let mut credential = client_options.credential.take().unwrap_or_default();
        credential.username = Some(username.clone());
        client_options.credential = Some(credential);
    }
    if let Some(password) = &options.password {
        let mut credential: Credential = client_options.credential.take().unwrap_or_default();
        if credential.username.is_none() {
            return Err(OpenError::Url { reason: "there is a password, but no user".to_owned() });
        }
        credential.password = Some(password.clone());
        client_options.credential = Some(credential);
    }
    client_options.app_name.get_or_insert_with(|| "souk".to_owned());
    client_options.max_pool_size = Some(options.connections.max(1));
    client_options.connect_timeout = Some(options.connect_timeout);
    // A server that is gone is looked for that long; then whoever asked is told to come again.
    client_options.server_selection_timeout = Some(options.connect_timeout);
    // Commits are sent again by their own id, which needs no sessions.
    client_options.retry_writes = Some(false);
    // Once idle that long, a connection is not trusted to be there.
    client_options.max_idle_time.get_or_insert(Duration::from_secs(300));
    let database = client_options.default_database.clone().unwrap_or_else(|| MongoOptions::DATABASE.to_owned());
    let client = Client::with_options(client_options).map_err(|error| url(&error))?;
    let database_options = DatabaseOptions::builder()
        .read_concern(ReadConcern::majority())
        .selection_criteria(SelectionCriteria::ReadPreference(ReadPreference::Primary))
        .build();
    let database = client.database_with_options(&database, database_options);
    let commands = Commands { database, timeout: options.timeout };
    check_server(&commands, &hosts).await?;
    Ok(Connected { client, commands })
}

async fn check_server(commands: &Commands, hosts: &str) -> Result<(), OpenError> {
    let hosts = || hosts.to_owned();
    let ask = async |command: Document| {
        let answer = tokio::time::timeout(commands.timeout, async { commands.database.run_command(command).await });
        answer.await.map_err(|_| OpenError::Unreachable { hosts: hosts(), reason: "it is too slow".to_owned() })
    };
    let failed = |error: &Error| match &*error.kind {
        ErrorKind::Authentication { .. } => OpenError::Credentials { hosts: hosts(), reason: describe(error) },
        ErrorKind::Command(command) if command.code == code::AUTHENTICATION_FAILED => {
            OpenError::Credentials { hosts: hosts(), reason: describe(error) }
        }
        // The reason names each server and what is wrong with it, a certificate for example.
        _ => OpenError::Unreachable { hosts: hosts(), reason: error.kind.to_string() },
    };
    let build = ask(doc! { "buildInfo": 1 }).await?.map_err(|error| failed(&error))?;
    let version = build.get_str("version").unwrap_or_default().to_owned();
    if parse_version(&version).is_none_or(|version| version < LEAST_VERSION) {
        return Err(OpenError::OldServer { hosts: hosts(), version, least: LEAST_VERSION_TEXT });
    }
    // Something that needs the rights of a user, so that a wrong password shows here.
    ask(doc! { "find": "schema", "limit": 1 }).await?.map_err(|error| failed(&error))?;
    let hello = ask(doc! { "hello": 1 }).await?.map_err(|error| failed(&error))?;
    let is_router = hello.get_str("msg").is_ok_and(|kind| kind == "isdbgrid");
    if !is_router && !hello.contains_key("setName") {
        tracing::warn!(
            store = "mongodb",
            hosts = hosts(),
            "a single server of MongoDB: its loss is the loss of the catalogue; a replica set survives one"
        );
    }
    // Only those who may watch the server are told; others rely on its refusing journaled writes.
    if let Ok(status) = ask(doc! { "serverStatus": 1, "repl": 0, "metrics": 0, "locks": 0 }).await? {
        let engine = status.get_document("storageEngine").ok();
        if engine.is_some_and(|engine| engine.get_bool("persistent").is_ok_and(|persistent| !persistent)) {
            let reason = "its storage engine keeps everything in memory; use one that writes to disk".to_owned();
            return Err(OpenError::NotDurable { hosts: hosts(), reason });
        }
    }
    Ok(())
}

/// Major and minor.
fn parse_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// The server's own clock, in milliseconds since 1970: leases are compared with nothing else.
pub(super) async fn server_now(commands: &Commands) -> Result<i64, String> {
    let asking =
        tokio::time::timeout(commands.timeout, async { commands.database.run_command(doc! { "hello": 1 }).await });
    let hello = asking.await.map_err(|_| "it is too slow".to_owned())?.map_err(|error| describe(&error))?;
    let now = hello.get_datetime("localTime").map(|now| now.timestamp_millis());
    now.ok().or_else(|| integer(&hello, "localTime")).ok_or_else(|| "the server does not tell its time".to_owned())
}

#[cfg(test)]
mod tests {
    use super::parse_version;

    #[test]
    fn versions_are_compared_by_number() {
        assert_eq!(parse_version("7.0.42"), Some((7, 0)));
        assert_eq!(parse_version("10.2"), Some((10, 2)));
        assert!(parse_version("10.2") > parse_version("5.0.1"));
        assert_eq!(parse_version("newest"), None);
    }
}

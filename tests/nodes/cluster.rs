//! The nodes, their sandbox, and what stands in front of them.

use std::process::Command;

use tempfile::TempDir;

use super::support::catalogue::Csv;
use super::support::chance::Chance;
use super::support::client::Client;
use super::support::engines::Engines;
use super::support::process::{Process, souk};
use super::support::proxy::Proxy;
use super::support::sandbox::Sandbox;
use super::support::server::Server;
use super::support::shop::COMMAND;

pub struct Cluster {
    // Fields are dropped in this order: the processes before what they need.
    nodes: [Option<Server>; 2],
    _sandbox: Sandbox,
    /// Hands each connection to any node.
    balancer: Proxy,
    /// Between the nodes and what carries their bus.
    pub bus: Proxy,
    settings: Vec<(String, String)>,
    folders: [TempDir; 2],
}

impl Cluster {
    /// Two nodes with these goods.
    pub async fn open(goods: &Csv, settings: &[(&str, &str)]) -> Self {
        let engines = Engines::new();
        let mut chance = Chance::from_environment();
        let host = engines.redis().trim_start_matches("redis://").split('/').next().expect("a host").to_owned();
        let (credentials, host) = host.rsplit_once('@').map_or(("", &*host), |(who, host)| (who, host));
        let bus = Proxy::start(vec![host.to_owned()], chance.fork()).await;
        let at = if credentials.is_empty() { String::new() } else { format!("{credentials}@") };
        let sandbox = Sandbox::start().await;

        let set = |key: &str, value: &str| (format!("SOUK_{key}"), value.to_owned());
        let mut all = engines.settings().to_vec();
        all.push(set("BUS", &format!("redis://{at}{}", bus.address())));
        all.extend(sandbox.settings());
        all.extend(settings.iter().map(|(key, value)| set(key, value)));

        let balancer = Proxy::start(Vec::new(), chance.fork()).await;
        let folders = [folder(), folder()];
        let mut cluster = Self { nodes: [None, None], _sandbox: sandbox, balancer, bus, settings: all, folders };
        let file = tempfile::NamedTempFile::with_suffix(".csv").expect("a temporary file");
        std::fs::write(file.path(), goods.bytes()).expect("the CSV is written");
        let name = file.path().to_str().expect("a path in UTF-8");
        let import = cluster.command(0, &["import", "products", name, "--format", "shopify-csv"]);
        Process::start(import).finish(COMMAND).await.assert_succeeded();
        // Both at once, as where a shop is brought up for the first time.
        let commands = [0, 1].map(|number| cluster.command(number, &["serve"]));
        let [first, second] = commands.map(Server::start_command);
        let (first, second) = tokio::join!(first, second);
        let printed = [&first, &second].map(|node| node.stdout().contains("the first admin"));
        assert!(printed[0] != printed[1], "one of the nodes tells of the first admin: {printed:?}");
        cluster.nodes = [Some(first), Some(second)];
        cluster.balance();
        cluster
    }

    pub async fn start(&mut self, number: usize) {
        let server = Server::start_command(self.command(number, &["serve"])).await;
        self.nodes[number] = Some(server);
        self.balance();
    }

    /// kill -9; the balancer notices when it is refused.
    pub fn kill(&mut self, number: usize) {
        self.nodes[number].take().expect("a running node").kill();
    }

    /// SIGSTOP, or SIGCONT.
    pub fn signal(&self, number: usize, signal: &str) {
        let pid = self.node(number).id().to_string();
        let sent = Command::new("kill").args([&format!("-{signal}"), &pid]).status();
        assert!(sent.is_ok_and(|status| status.success()), "node {number} can't be sent {signal}");
    }

    /// Only these nodes get new connections.
    pub fn balance_to(&self, numbers: &[usize]) {
        self.balancer.set_targets(numbers.iter().map(|number| host(&self.node(*number).base)).collect());
    }

    fn balance(&self) {
        self.balancer.set_targets(self.nodes.iter().flatten().map(|node| host(&node.base)).collect());
    }

    pub fn node(&self, number: usize) -> &Server {
        self.nodes[number].as_ref().expect("a running node")
    }

    /// Asks one node.
    pub fn client(&self, number: usize) -> Client {
        Client::new(&self.node(number).base)
    }

    /// Each request goes to any node.
    pub fn anywhere(&self) -> Client {
        Client::unpooled(&format!("http://{}", self.balancer.address()))
    }

    /// Stops the nodes that run, and replays the journals against the invariants.
    pub async fn close_and_check(mut self) {
        self.check().await;
        for node in &mut self.nodes {
            if let Some(node) = node.take() {
                node.stop().await;
            }
        }
        self.check().await;
    }

    /// Beside the running nodes.
    pub async fn check(&self) {
        let finished = Process::start(self.command(0, &["check"])).finish(COMMAND * 2).await;
        assert!(finished.succeeded(), "an invariant is broken: {finished}");
    }

    fn command(&self, number: usize, args: &[&str]) -> Command {
        let mut command = souk(self.folders[number].path(), args);
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn host(base: &str) -> String {
    base.trim_start_matches("http://").to_owned()
}

//! Bytes to a socket and back, where a client that behaves would be in the way.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const PATIENCE: Duration = Duration::from_secs(20);

/// `http://127.0.0.1:1` without its scheme.
pub fn address(base: &str) -> &str {
    base.split_once("://").map_or(base, |(_, address)| address)
}

pub async fn connect(base: &str) -> TcpStream {
    let stream = TcpStream::connect(address(base)).await.expect("a connection");
    stream.set_nodelay(true).expect("no delay");
    stream
}

/// Sends bytes and gives all that comes until the other side closes.
pub async fn talk(base: &str, bytes: &[u8]) -> String {
    let mut stream = connect(base).await;
    // The server may close before all of it is taken.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await;
    assert!(read.is_ok(), "the connection is still open after {}", String::from_utf8_lossy(bytes));
    String::from_utf8_lossy(&answer).into_owned()
}

/// Status, head and body of the next answer on a connection that stays open.
pub async fn next_answer(stream: &mut TcpStream) -> Option<(u16, String, String)> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
            let length =
                head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse::<usize>().ok());
            if bytes.len() >= end + 4 + length.unwrap_or(0) {
                let status = head.split(' ').nth(1)?.parse().ok()?;
                return Some((status, head, String::from_utf8_lossy(&bytes[end + 4..]).into_owned()));
            }
        }
        let read = tokio::time::timeout(PATIENCE, stream.read_buf(&mut bytes)).await.ok()?.ok()?;
        if read == 0 {
            return None;
        }
    }
}

/// Bytes of memory of a process (proc(5), in kB there): `VmRSS` has it now, `VmHWM` had it at most.
pub fn memory(process: u32, line: &str) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("the process's status");
    let kib = status.lines().find_map(|text| text.strip_prefix(line)?.strip_prefix(':')).expect("such a line");
    kib.trim().trim_end_matches(" kB").parse::<usize>().expect("a number") * 1_024
}

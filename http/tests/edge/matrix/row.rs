//! A row of the table.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    Anonymous,
    Guest,
    Other,
    Seller,
    StaffWithout,
    StaffWith,
    Admin,
    Owner,
}

/// In the order of the columns.
pub const CALLERS: [Caller; 8] = [
    Caller::Anonymous,
    Caller::Guest,
    Caller::Other,
    Caller::Seller,
    Caller::StaffWithout,
    Caller::StaffWith,
    Caller::Admin,
    Caller::Owner,
];

#[derive(Debug)]
pub struct Row {
    pub method: String,
    pub path: String,
    pub body: Option<String>,
    pub statuses: [u16; 8],
}

pub fn rows() -> Vec<Row> {
    let lines = include_str!("table.txt").lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(row).collect()
}

fn row(line: &str) -> Row {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (call, statuses) = words.split_at(words.len() - CALLERS.len());
    let statuses: Vec<u16> =
        statuses.iter().map(|word| word.parse().unwrap_or_else(|_| panic!("{line}: {word} is no status"))).collect();
    let body = (call.len() > 2).then(|| call[2..].join(" "));
    let path = call[1].strip_suffix(':').unwrap_or(call[1]).to_owned();
    Row { method: call[0].to_owned(), path, body, statuses: statuses.try_into().expect("eight columns") }
}

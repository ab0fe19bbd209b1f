//! Mails of an order as the journal's golden lines have it, into files and to a server that is played.

use std::path::Path;
use std::time::Duration;

use souk_domain::order::event::OrderEvent;
use souk_domain::order::notice::{Moment, Notice};
use souk_domain::time::Timestamp;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use super::{MailFault, MailSender, Mailer, MailerConfig, OrderMail, Transport};

fn mail(notice: Notice, tags: &[&str]) -> OrderMail {
    let golden = include_str!("../../../domain/golden/order.jsonl");
    let event = |tag: &&str| {
        let line = golden.lines().find(|line| line.contains(*tag)).expect("a golden event");
        serde_json::from_str::<OrderEvent>(line).expect("an event")
    };
    let events: Vec<OrderEvent> = tags.iter().map(event).collect();
    let moment = Moment::at(&events, events.len() as u64).expect("events");
    OrderMail { id: "dlv_1".into(), notice, moment, at: Timestamp::from_millis(1_700_000_000_000) }
}

fn confirmed() -> OrderMail {
    mail(Notice::Confirmed, &["placed.v1", "stock_held.v1", "paid.v1", "stock_sold.v1"])
}

fn mailer(transport: Transport) -> Mailer {
    let config = MailerConfig {
        from: "Souk <orders@souk.example>".into(),
        shop: "Souk".into(),
        public_url: "https://shop.example/".into(),
        templates: None,
        transport,
    };
    Mailer::new(config).map_err(|(key, fault)| format!("{key}: {fault}")).expect("a mailer")
}

fn files(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").file_name());
    names.map(|name| name.into_string().expect("a name")).collect()
}

#[tokio::test]
async fn a_mail_that_is_sent_twice_is_one_file_and_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let mailer = mailer(Transport::File(folder.path().join("mail")));
    let path = folder.path().join("mail");
    mailer.send(confirmed()).await.expect("sent");
    let first = std::fs::read_to_string(path.join("dlv_1.eml")).expect("a mail");
    mailer.send(confirmed()).await.expect("sent");
    assert_eq!(files(&path), ["dlv_1.eml"]);
    assert_eq!(std::fs::read_to_string(path.join("dlv_1.eml")).expect("a mail"), first);
    for part in [
        "Subject: Order 1001 is confirmed",
        "To: ada@example.com",
        "Message-ID: <dlv_1@souk.example>",
        "Auto-Submitted: auto-generated",
        "Date: Tue, 14 Nov 2023 22:13:20 +0000",
        "2 x Pot, 19.99 USD each: 39.98 USD",
        "Shipping: 5.90 USD",
        "Total: 45.88 USD",
    ] {
        assert!(first.contains(part), "no {part:?} in:\n{first}");
    }
}

#[tokio::test]
async fn money_that_came_too_late_is_told_as_such() {
    let folder = tempfile::tempdir().expect("a folder");
    let mailer = mailer(Transport::File(folder.path().to_owned()));
    let late = ["placed.v1", "\"expired\"", "stock_released.v1", "settled.v1", "paid_too_late.v1", "refunded.v1"];
    mailer.send(mail(Notice::Refunded, &late)).await.expect("sent");
    let text = std::fs::read_to_string(folder.path().join("dlv_1.eml")).expect("a mail");
    assert!(text.contains("had already ended") && text.contains("Refunded: 45.88 USD"), "{text}");
}

#[tokio::test]
async fn who_was_erased_gets_no_mail() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut mail = confirmed();
    let placement = mail.moment.order.placement.as_mut().expect("placed");
    placement.email = serde_json::from_str("\"$erased\"").expect("erased");
    let refused = mailer(Transport::File(folder.path().to_owned())).send(mail).await.expect_err("nobody to send to");
    assert!(matches!(refused, MailFault::Refused { status: None, .. }), "{refused:?}");
    assert_eq!(files(folder.path()), Vec::<String>::new());
}

/// Takes one connection and answers `RCPT TO` with a line.
async fn server(recipient: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("smtp://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("a client");
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 here\r\n").await.expect("written");
        while let Ok(Some(line)) = lines.next_line().await {
            let answer = match line.split_once([' ', ':']).map_or(line.as_str(), |(verb, _)| verb) {
                "RCPT" => format!("{recipient}\r\n"),
                "DATA" => "354 go on\r\n".to_owned(),
                "EHLO" | "MAIL" | "RSET" | "NOOP" | "QUIT" | "." => "250 fine\r\n".to_owned(),
                // The mail itself.
                _ => continue,
            };
            if write.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
    });
    url
}

#[tokio::test]
async fn a_refusal_by_the_server_is_final_and_a_delay_is_not() {
    let sent = async |recipient| {
        let url = server(recipient).await;
        mailer(Transport::smtp(&url, Duration::from_secs(10)).expect("a transport")).send(confirmed()).await
    };
    assert_eq!(sent("250 fine").await, Ok(()));
    let refused = sent("550 ada@example.com is not here").await.expect_err("refused");
    assert!(matches!(&refused, MailFault::Refused { status: Some(550), .. }), "{refused:?}");
    assert!(!refused.to_string().contains("ada"), "the reason is kept, so it names nobody");
    let delayed = sent("451 later").await.expect_err("delayed");
    assert!(matches!(delayed, MailFault::Failed { status: Some(451), .. }), "{delayed:?}");
    let nobody = mailer(Transport::smtp("smtp://127.0.0.1:1", Duration::from_secs(10)).expect("a transport"));
    assert!(matches!(nobody.send(confirmed()).await, Err(MailFault::Failed { status: None, .. })));
}

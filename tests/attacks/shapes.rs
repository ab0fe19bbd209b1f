//! Request smuggling (RFC 9112, section 11.2): what could be read as one request by one server and as two by the next
//! is refused, and nothing after it is answered.

use super::open;
use super::wire::talk;

#[tokio::test]
async fn ambiguous_requests_get_400_and_the_connection_is_closed() {
    let mut shop = open(&[]).await;
    let base = shop.server().base.clone();
    let second = "GET /health HTTP/1.1\r\nhost: souk\r\n\r\n";
    let post = "POST /api/v1/carts HTTP/1.1\r\nhost: souk\r\ncontent-type: application/json\r\n";
    for (name, shape) in [
        ("CL.TE", format!("{post}content-length: 6\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nX")),
        ("TE.CL", format!("{post}transfer-encoding: chunked\r\ncontent-length: 3\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n")),
        ("two lengths", format!("{post}content-length: 2\r\ncontent-length: 40\r\n\r\n{{}}")),
        ("the same length twice", format!("{post}content-length: 2\r\ncontent-length: 2\r\n\r\n{{}}")),
        ("a list of lengths", format!("{post}content-length: 2, 2\r\n\r\n{{}}")),
        ("a signed length", format!("{post}content-length: +2\r\n\r\n{{}}")),
        ("a hexadecimal length", format!("{post}content-length: 0x2\r\n\r\n{{}}")),
        ("TE twice", format!("{post}transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n\r\n0\r\n\r\n")),
        ("TE that is not chunked", format!("{post}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n")),
        ("TE with a blank before its colon", format!("{post}transfer-encoding : chunked\r\n\r\n0\r\n\r\n")),
        ("a folded TE", format!("{post}x: y\r\n transfer-encoding: chunked\r\n\r\n0\r\n\r\n")),
        ("TE in HTTP/1.0", post.replace("/1.1", "/1.0") + "transfer-encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("a bare LF after a header", "GET /health HTTP/1.1\r\nhost: souk\nx: y\r\n\r\n".to_owned()),
        ("a bare LF after the request line", "GET /health HTTP/1.1\nhost: souk\r\n\r\n".to_owned()),
        ("a bare LF at the end", "GET /health HTTP/1.1\r\nhost: souk\r\n\n".to_owned()),
        ("a NUL in a header", "GET /health HTTP/1.1\r\nhost: souk\r\nx: a\0b\r\n\r\n".to_owned()),
        ("a blank in a name", "GET /health HTTP/1.1\r\nhost: souk\r\nx y: z\r\n\r\n".to_owned()),
    ] {
        let answers = talk(&base, format!("{shape}{second}").as_bytes()).await;
        assert!(answers.starts_with("HTTP/1.1 400 "), "{name}: {answers}");
        assert_eq!(answers.matches("HTTP/1.1 ").count(), 1, "{name}: {answers}");
    }
    for (name, chunks) in [
        ("a size that is none", "z\r\n{}\r\n0\r\n\r\n"),
        ("a negative size", "-2\r\n{}\r\n0\r\n\r\n"),
        ("a size beyond all bounds", "fffffffffffffffff\r\n{}\r\n0\r\n\r\n"),
        ("a size with 0x", "0x2\r\n{}\r\n0\r\n\r\n"),
        ("a chunk that is longer than its size", "2\r\n{}abc\r\n0\r\n\r\n"),
        ("a bare LF after a size", "2\n{}\r\n0\r\n\r\n"),
    ] {
        let shape = format!("{post}transfer-encoding: chunked\r\n\r\n{chunks}{second}");
        let answers = talk(&base, shape.as_bytes()).await;
        assert!(answers.starts_with("HTTP/1.1 400 "), "{name}: {answers}");
        assert_eq!(answers.matches("HTTP/1.1 ").count(), 1, "{name}: {answers}");
    }
    shop.close_and_check().await;
}

//! Paths that would lead out of the folder of pictures or of the apps.

use super::open;
use super::wire::talk;

#[tokio::test]
async fn no_path_leads_to_a_file_that_is_not_served() {
    let mut shop = open(&[]).await;
    let base = shop.server().base.clone();
    std::fs::write(shop.folder().join("secret.txt"), "the secret").expect("a file to look for");
    let mut asked = 0;
    for folder in ["/media/", "/assets/", "/"] {
        for up in [
            "../",
            "..%2f",
            "%2e%2e/",
            "%2e%2e%2f",
            "..\\",
            "..%5c",
            "%252e%252e%252f",
            "....//",
            "..;/",
            "%c0%ae%c0%ae/",
        ] {
            for file in ["etc/passwd", "secret.txt", "Cargo.toml", "products.db"] {
                let path = format!("{folder}{}{file}", up.repeat(6));
                let request = format!("GET {path} HTTP/1.1\r\nhost: souk\r\nconnection: close\r\n\r\n");
                let answer = talk(&base, request.as_bytes()).await;
                for found in ["root:", "the secret", "[workspace]", "SQLite format"] {
                    assert!(!answer.contains(found), "{path}: {answer}");
                }
                // A page of an app may answer any path that is no file; a fault may not.
                let status = answer.split(' ').nth(1).unwrap_or_default();
                assert!(["200", "400", "404"].contains(&status), "{path}: {answer}");
                asked += 1;
            }
        }
    }
    for path in ["/media/%00", "/media/a%00.svg", "/media//etc/passwd", "/media/C:%5cwindows", "/media/."] {
        let request = format!("GET {path} HTTP/1.1\r\nhost: souk\r\nconnection: close\r\n\r\n");
        let answer = talk(&base, request.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 404 ") || answer.starts_with("HTTP/1.1 400 "), "{path}: {answer}");
    }
    assert!(asked > 100);
    shop.close().await;
}

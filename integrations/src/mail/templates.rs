//! The words of the mails. Each has a plain form and an HTML one, which escapes what it is given; the first line of
//! the plain form is the subject. A folder can replace any of the files by one of the same name.

use std::path::Path;

use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;
use souk_domain::order::notice::Notice;

use super::account::{AccountTopic, AccountView};
use super::view::{LineView, MailView};

const BUILT_IN: [(&str, &str); 24] = [
    ("frame.txt", include_str!("templates/frame.txt")),
    ("frame.html", include_str!("templates/frame.html")),
    ("confirmed.txt", include_str!("templates/confirmed.txt")),
    ("confirmed.html", include_str!("templates/confirmed.html")),
    ("cancelled.txt", include_str!("templates/cancelled.txt")),
    ("cancelled.html", include_str!("templates/cancelled.html")),
    ("expired.txt", include_str!("templates/expired.txt")),
    ("expired.html", include_str!("templates/expired.html")),
    ("refunded.txt", include_str!("templates/refunded.txt")),
    ("refunded.html", include_str!("templates/refunded.html")),
    ("note.txt", include_str!("templates/note.txt")),
    ("note.html", include_str!("templates/note.html")),
    ("confirm_email.txt", include_str!("templates/confirm_email.txt")),
    ("confirm_email.html", include_str!("templates/confirm_email.html")),
    ("reset_password.txt", include_str!("templates/reset_password.txt")),
    ("reset_password.html", include_str!("templates/reset_password.html")),
    ("change_email.txt", include_str!("templates/change_email.txt")),
    ("change_email.html", include_str!("templates/change_email.html")),
    ("email_changed.txt", include_str!("templates/email_changed.txt")),
    ("email_changed.html", include_str!("templates/email_changed.html")),
    ("password_changed.txt", include_str!("templates/password_changed.txt")),
    ("password_changed.html", include_str!("templates/password_changed.html")),
    ("second_factor_changed.txt", include_str!("templates/second_factor_changed.txt")),
    ("second_factor_changed.html", include_str!("templates/second_factor_changed.html")),
];

const MAILS: [&str; 4] = ["confirmed", "cancelled", "expired", "refunded"];
const SUBJECT: &str = "Subject:";
/// Of one file in the folder, in bytes.
const LARGEST: u64 = 256 * 1024;

#[derive(Debug)]
pub struct Templates {
    environment: Environment<'static>,
}

/// A mail's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    pub subject: String,
    pub plain: String,
    pub html: String,
}

impl Templates {
    /// The built-in ones, with those of the folder in their place.
    ///
    /// # Errors
    /// A sentence that names the file: it cannot be read, is no template, or names a field that there is not.
    pub fn load(folder: Option<&Path>) -> Result<Self, String> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        for (name, built_in) in BUILT_IN {
            let source = match folder {
                Some(folder) => replaced(folder, name)?.unwrap_or_else(|| built_in.to_owned()),
                None => built_in.to_owned(),
            };
            environment.add_template_owned(name, source).map_err(|error| format!("{name}: {error:#}"))?;
        }
        let templates = Self { environment };
        // A mistake is found at the start and not with the first order.
        for mail in MAILS {
            for view in examples() {
                templates.mail(mail, &view)?;
            }
        }
        let example = AccountView { shop: "Souk".into(), name: "Ada".into(), url: "https://example.com/".into() };
        for topic in AccountTopic::ALL {
            templates.account(topic, &example)?;
        }
        Ok(templates)
    }

    /// # Errors
    /// A sentence that names the template at fault.
    pub fn render(&self, notice: Notice, view: &MailView) -> Result<Rendered, String> {
        match notice {
            Notice::Placed => Err("there is no mail about a placed order".to_owned()),
            Notice::Confirmed => self.mail("confirmed", view),
            Notice::Cancelled => self.mail("cancelled", view),
            Notice::Expired => self.mail("expired", view),
            Notice::Refunded => self.mail("refunded", view),
        }
    }

    /// # Errors
    /// A sentence that names the template at fault.
    pub fn account(&self, topic: AccountTopic, view: &AccountView) -> Result<Rendered, String> {
        self.mail(topic.template(), view)
    }

    fn mail(&self, mail: &str, view: &impl Serialize) -> Result<Rendered, String> {
        let text = self.fill(&format!("{mail}.txt"), view)?;
        let html = self.fill(&format!("{mail}.html"), view)?;
        let (first, plain) = text.split_once('\n').unwrap_or((&text, ""));
        let subject = first.strip_prefix(SUBJECT).map(str::trim).filter(|subject| !subject.is_empty());
        let subject = subject.ok_or_else(|| format!("{mail}.txt: its first line must be `{SUBJECT} ...`"))?;
        Ok(Rendered { subject: subject.to_owned(), plain: plain.trim_start_matches('\n').to_owned(), html })
    }

    fn fill(&self, name: &str, view: &impl Serialize) -> Result<String, String> {
        let template = self.environment.get_template(name).map_err(|error| format!("{name}: {error:#}"))?;
        template.render(Serde(view)).map_err(|error| format!("{name}: {error:#}"))
    }
}

fn replaced(folder: &Path, name: &str) -> Result<Option<String>, String> {
    let path = folder.join(name);
    let fault = |error: std::io::Error| format!("{}: {error}", path.display());
    if !folder.is_dir() {
        return Err(format!("{} is no folder", folder.display()));
    }
    if !path.exists() {
        return Ok(None);
    }
    if path.metadata().map_err(fault)?.len() > LARGEST {
        return Err(format!("{} is larger than {LARGEST} bytes", path.display()));
    }
    std::fs::read_to_string(&path).map(Some).map_err(fault)
}

/// One with everything and one with as little as there can be, so that both sides of each condition are tried.
fn examples() -> [MailView; 2] {
    let line = LineView { title: "Pot".into(), quantity: 2, unit_price: "1.00 USD".into(), total: "2.00 USD".into() };
    let full = MailView {
        shop: "Souk".into(),
        number: 1001,
        url: "https://example.com/orders/1".into(),
        name: "Ada".into(),
        lines: vec![line],
        subtotal: "2.00 USD".into(),
        discount: Some("-1.00 USD".into()),
        shipping: "0.00 USD".into(),
        tax: Some("0.10 USD".into()),
        tax_included: false,
        total: "1.10 USD".into(),
        address: vec!["Ada".into()],
        refund: Some("1.10 USD".into()),
        paid_too_late: true,
        placed_at: "2026-01-01 00:00 UTC".into(),
        at: "2026-01-01 00:00 UTC".into(),
    };
    let bare =
        MailView { discount: None, tax: None, tax_included: true, refund: None, paid_too_late: false, ..full.clone() };
    [full, bare]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_escapes_what_it_is_given_and_plain_text_does_not() {
        let mut view = examples()[0].clone();
        view.lines[0].title = "<b>\"Pot\" & pan</b>".into();
        let mail = Templates::load(None).unwrap().render(Notice::Confirmed, &view).unwrap();
        assert!(mail.plain.contains("<b>\"Pot\" & pan</b>"), "{}", mail.plain);
        assert!(mail.html.contains("&lt;b&gt;") && !mail.html.contains("<b>"), "{}", mail.html);
        assert!(mail.subject.contains("1001") && !mail.plain.contains("Subject:"));
    }

    #[test]
    fn every_mail_has_the_link_and_plain_lines() {
        let templates = Templates::load(None).unwrap();
        for notice in [Notice::Confirmed, Notice::Cancelled, Notice::Expired, Notice::Refunded] {
            for view in examples() {
                let mail = templates.render(notice, &view).unwrap();
                assert!(mail.plain.contains(&view.url) && mail.html.contains("href=\"https:&#x2f;&#x2f;example.com"));
                // RFC 5322, section 2.1.1.
                assert!(mail.html.lines().chain(mail.plain.lines()).all(|line| line.len() < 998), "{notice:?}");
                assert!(!mail.plain.contains("\n\n\n"), "{}", mail.plain);
            }
        }
    }

    #[test]
    fn a_folder_replaces_some_and_its_mistakes_are_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("expired.txt"), "Subject: Late\n\nSorry, {{ name }}").unwrap();
        let templates = Templates::load(Some(folder.path())).unwrap();
        let [view, _] = examples();
        let mail = templates.render(Notice::Expired, &view).unwrap();
        assert_eq!((mail.subject.as_str(), mail.plain.as_str()), ("Late", "Sorry, Ada"));
        assert!(templates.render(Notice::Confirmed, &view).unwrap().plain.contains("Pot"));
        for mistake in ["Subject: a\n{{ nobody }}", "no subject", "Subject: {% if %}"] {
            std::fs::write(folder.path().join("expired.txt"), mistake).unwrap();
            assert!(Templates::load(Some(folder.path())).unwrap_err().contains("expired.txt"), "{mistake}");
        }
        assert!(Templates::load(Some(&folder.path().join("none"))).unwrap_err().contains("no folder"));
    }
}

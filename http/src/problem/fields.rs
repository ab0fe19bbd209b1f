//! What is wrong with a field of a body, or with a parameter.

use serde::Serialize;
use souk_domain::address::AddressFault;
use utoipa::ToSchema;

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// A JSON pointer (RFC 6901) into the body, such as `/lines/0/quantity`; `?name` for a parameter.
    #[schema(example = "/quantity")]
    pub pointer: String,
    /// `unknown`, `missing`, `duplicate`, `wrong_type`, `out_of_range`, `invalid`,
    /// `password_too_short`, `password_too_long` or `password_too_common`.
    #[schema(example = "out_of_range")]
    pub code: &'static str,
    pub detail: String,
}

impl FieldError {
    pub fn invalid(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code: "invalid", detail: detail.into() }
    }

    pub fn missing(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code: "missing", detail: detail.into() }
    }

    pub fn of_address(pointer: String, fault: AddressFault) -> Self {
        match fault {
            AddressFault::Missing => Self::missing(pointer, "must not be empty"),
            AddressFault::TooLong { most } => {
                let detail = format!("must have at most {most} characters");
                Self { pointer, code: "out_of_range", detail }
            }
            AddressFault::ControlCharacters => Self::invalid(pointer, "control characters are not taken"),
            AddressFault::NoCountry => {
                Self::invalid(pointer, "must be a country code of ISO 3166-1 alpha-2, such as DE")
            }
        }
    }

    /// Reads serde's own complaint. Its wording is not part of its interface, so what is not
    /// recognised is `invalid`, and tests hold the forms that are.
    pub fn from_serde(path: &serde_path_to_error::Path, complaint: &str) -> Self {
        let mut pointer = pointer(path);
        let quoted = || complaint.split('`').nth(1).unwrap_or_default();
        let code = if complaint.starts_with("invalid length") && complaint.contains("struct ") {
            // An array where there should be an object.
            "wrong_type"
        } else if complaint.starts_with("unknown field") {
            if !pointer.ends_with(&format!("/{}", escaped(quoted()))) {
                pointer = format!("{pointer}/{}", escaped(quoted()));
            }
            "unknown"
        } else if complaint.starts_with("missing field") {
            pointer = format!("{pointer}/{}", escaped(quoted()));
            "missing"
        } else if complaint.starts_with("duplicate field") {
            if !pointer.ends_with(&format!("/{}", escaped(quoted()))) {
                pointer = format!("{pointer}/{}", escaped(quoted()));
            }
            "duplicate"
        } else if complaint.starts_with("invalid type") {
            "wrong_type"
        } else if complaint.starts_with("invalid value: integer") || complaint.starts_with("invalid length") {
            "out_of_range"
        } else {
            "invalid"
        };
        Self { pointer, code, detail: without_position(complaint).to_owned() }
    }
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => pointer.push_str(&format!("/{}", escaped(key))),
            Segment::Enum { variant } => pointer.push_str(&format!("/{}", escaped(variant))),
            Segment::Unknown => {}
        }
    }
    pointer
}

/// RFC 6901, section 3.
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The pointer says where; line and column of a body that was made by a program help nobody.
fn without_position(complaint: &str) -> &str {
    complaint.rsplit_once(" at line ").map_or(complaint, |(message, _)| message)
}

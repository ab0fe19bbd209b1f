//! Many rows as one parameter of a statement: a JSON array of arrays that `jsonb_each` takes apart.
//!
//! Long texts (events, views, states) do not go through JSON again: they lie one after another in
//! `texts`, and the row holds where. The statement cuts them out with `substr`.

pub(super) use crate::sql::cell::Cell;

#[derive(Debug, Default, Clone)]
pub(super) struct Document {
    pub rows: String,
    pub texts: Vec<u8>,
}

impl Document {
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(super) fn push<'a>(&mut self, cells: impl IntoIterator<Item = &'a Cell>) {
        self.rows.push(if self.rows.is_empty() { '[' } else { ',' });
        for (index, cell) in cells.into_iter().enumerate() {
            self.rows.push(if index == 0 { '[' } else { ',' });
            self.push_cell(cell);
        }
        self.rows.push(']');
    }

    /// The rows alone, for a statement that cuts nothing out.
    pub(super) fn rows(&self) -> String {
        format!("{}]", self.rows)
    }

    /// The two parameters of the statement.
    pub(super) fn finish(mut self) -> (String, Vec<u8>) {
        self.rows.push_str(if self.rows.is_empty() { "[]" } else { "]" });
        (self.rows, self.texts)
    }

    fn push_cell(&mut self, cell: &Cell) {
        match cell {
            Cell::Null => self.rows.push_str("null"),
            Cell::Integer(number) => self.push_integer(*number),
            Cell::Text(text) => push_escaped(&mut self.rows, text),
            Cell::Long(text) => {
                self.push_integer(self.texts.len() as i64 + 1);
                self.rows.push(',');
                self.push_integer(text.len() as i64);
                self.texts.extend_from_slice(text.as_bytes());
            }
        }
    }

    fn push_integer(&mut self, number: i64) {
        use std::fmt::Write;
        // Writing to a string cannot fail.
        let _ = write!(self.rows, "{number}");
    }
}

/// Appends the text as a JSON string (RFC 8259, section 7).
fn push_escaped(target: &mut String, text: &str) {
    if text.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
        target.push('"');
        target.push_str(text);
        target.push('"');
    } else {
        target.push_str(&serde_json::Value::from(text).to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_arrays_and_long_texts_lie_beside_them() {
        let mut document = Document::default();
        document.push(&[Cell::Text("a\"b".into()), Cell::Integer(-7), Cell::Long("{\"é\":1}".into())]);
        document.push(&[Cell::Null, Cell::Integer(i64::MAX), Cell::Long("[]".into())]);
        let (rows, texts) = document.finish();
        assert_eq!(rows, r#"[["a\"b",-7,1,8],[null,9223372036854775807,9,2]]"#);
        assert_eq!(texts, "{\"é\":1}[]".as_bytes());
        assert_eq!(Document::default().finish().0, "[]");
    }
}

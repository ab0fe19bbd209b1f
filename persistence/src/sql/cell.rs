//! What a row is made of before an engine has its say.

/// A value of a row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    Null,
    Integer(i64),
    /// Short and made of anything.
    Text(String),
    /// Long, and JSON.
    Long(String),
}

impl Cell {
    pub(crate) fn optional(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Null, |text| Self::Text(text.into()))
    }

    /// None for what is no text.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Long(text) => Some(text),
            Self::Null | Self::Integer(_) => None,
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Null | Self::Integer(_) => 8,
            Self::Text(text) | Self::Long(text) => text.len(),
        }
    }
}

/// About how much of a batch's bytes the cells take.
pub(crate) fn bytes_of(cells: &[Cell]) -> usize {
    cells.iter().map(Cell::bytes).sum()
}

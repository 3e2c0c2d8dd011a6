//! Attributes: one column of values each, texts by dictionary.

use jiff::civil::Date;

/// The code of a missing value in a [`TextColumn`].
pub const NO_VALUE: u32 = u32::MAX;

/// A named column with one value per row.
#[derive(Debug, Clone)]
pub struct Attribute {
    /// Its canonical name.
    pub name: String,
    /// Its values.
    pub column: Column,
}

/// The values of an attribute.
#[derive(Debug, Clone)]
pub enum Column {
    /// One text, or none.
    Text(TextColumn),
    /// Any number of texts: `starts[i]..starts[i + 1]` are row `i`'s codes, ascending.
    List {
        /// Distinct values, ascending.
        values: Vec<String>,
        /// One more than there are rows.
        starts: Vec<u32>,
        /// Codes into `values`.
        codes: Vec<u32>,
    },
    /// Dates.
    Date(Vec<Option<Date>>),
    /// True or false.
    Boolean(Vec<Option<bool>>),
    /// Whole numbers.
    Integer(Vec<Option<i64>>),
}

/// Texts by dictionary: equal codes, equal texts; order of codes is order of texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextColumn {
    /// Distinct values, ascending.
    pub values: Vec<String>,
    /// One per row; [`NO_VALUE`] where there is none.
    pub codes: Vec<u32>,
}

impl TextColumn {
    /// The text of a row, if it has one.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<&str> {
        let code = *self.codes.get(row)?;
        self.values.get(code as usize).map(String::as_str)
    }

    /// The code of a text, if any row has it.
    #[must_use]
    pub fn code(&self, text: &str) -> Option<u32> {
        rank(&self.values, text)
    }
}

impl Column {
    /// The text of a row of a text column.
    #[must_use]
    pub fn text(&self, row: usize) -> Option<&str> {
        match self {
            Self::Text(column) => column.get(row),
            _ => None,
        }
    }

    /// A row's value as text, whatever its type; lists joined by `|`.
    #[must_use]
    pub fn display(&self, row: usize) -> Option<String> {
        match self {
            Self::Text(column) => column.get(row).map(str::to_owned),
            Self::List { values, starts, codes } => {
                let range = *starts.get(row)? as usize..*starts.get(row + 1)? as usize;
                let texts: Vec<_> =
                    codes.get(range)?.iter().filter_map(|&c| values.get(c as usize)).map(String::as_str).collect();
                (!texts.is_empty()).then(|| texts.join("|"))
            }
            Self::Date(dates) => (*dates.get(row)?).map(|date| date.to_string()),
            Self::Boolean(flags) => (*flags.get(row)?).map(|flag| flag.to_string()),
            Self::Integer(numbers) => (*numbers.get(row)?).map(|number| number.to_string()),
        }
    }
}

/// The column of that name among attributes in ascending order.
pub(super) fn attribute<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a Column> {
    let index = attributes.binary_search_by(|attribute| attribute.name.as_str().cmp(name)).ok()?;
    attributes.get(index).map(|attribute| &attribute.column)
}

/// Where a text stands among texts in ascending order.
pub(super) fn rank(sorted: &[String], text: &str) -> Option<u32> {
    sorted.binary_search_by(|probe| probe.as_str().cmp(text)).ok().and_then(|index| u32::try_from(index).ok())
}

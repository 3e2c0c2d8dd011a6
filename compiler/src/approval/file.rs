//! Reading and writing approval files.

use std::{fmt, ops::Range};

use super::Approval;

/// What is wrong with an approval file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {message}")]
pub struct ApprovalError {
    /// The file, within the project.
    pub path: String,
    /// What was expected and what was found.
    pub message: String,
    /// The bytes of the file it is about, if known.
    pub span: Option<Range<usize>>,
    /// What to do.
    pub help: Option<String>,
}

impl Approval {
    /// Reads the text of an approval file; `path` is for errors.
    ///
    /// # Errors
    /// When it is not TOML, has a key that approvals do not have, or lacks the role, the content or every signature.
    pub fn parse(path: &str, text: &str) -> Result<Self, ApprovalError> {
        let wrong = |message: String, span: Option<Range<usize>>, help: &str| ApprovalError {
            path: path.to_owned(),
            message,
            span,
            help: Some(help.to_owned()),
        };
        if let Err(error) = toml::de::DeTable::parse(text) {
            let message = format!("not TOML: {}", error.message());
            return Err(wrong(
                message,
                error.span(),
                "texts are in quotes, dates are not: `role = \"finance/1\"`, `on = 2026-10-01`",
            ));
        }
        let approval: Self = toml::from_str(text).map_err(|error| {
            wrong(
                error.message().trim().to_owned(),
                error.span(),
                "an approval has `role`, `content`, perhaps `name`, `requested` and `expires`, and `[[signature]]` tables with `by` and `on`; `[[review]]` tables have the same, and `[[state]]` tables `to` besides",
            )
        })?;
        let empty = [("role", &approval.role)]
            .into_iter()
            .chain(approval.name.iter().map(|name| ("name", name)))
            .chain(approval.requested.iter().map(|requested| ("requested", requested)))
            .chain(approval.signatures.iter().chain(&approval.reviews).map(|signature| ("by", &signature.by)))
            .chain(approval.states.iter().map(|state| ("by", &state.by)))
            .find(|(_, text)| text.trim().is_empty());
        if let Some((key, _)) = empty {
            return Err(wrong(
                format!("expected a text for `{key}`, found an empty one"),
                None,
                "fill it in, or take the line out",
            ));
        }
        if approval.signatures.is_empty() {
            return Err(wrong(
                "expected at least one `[[signature]]`, found none".to_owned(),
                None,
                "an approval without a signature approves nothing: add one, or delete the file",
            ));
        }
        Ok(approval)
    }
}

impl fmt::Display for Approval {
    /// The text of its file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&toml::to_string(self).map_err(|_| fmt::Error)?)
    }
}

/// Dates as TOML writes them, without quotes; quoted ones are understood too.
pub(super) mod date {
    use jiff::civil::Date;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
    use toml::value::Datetime;

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Bare(Datetime),
        Quoted(String),
    }

    pub(in crate::approval) fn serialize<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
        let part = |number: i8| u8::try_from(number).unwrap_or(0);
        let date = toml::value::Date {
            year: u16::try_from(date.year()).unwrap_or(0),
            month: part(date.month()),
            day: part(date.day()),
        };
        Datetime { date: Some(date), time: None, offset: None }.serialize(serializer)
    }

    pub(in crate::approval) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        let wrong = |found: &str| D::Error::custom(format!("expected a date such as `2026-10-01`, found `{found}`"));
        let no_date = |_| D::Error::custom("expected a date such as `2026-10-01`, found something else");
        let text = match Written::deserialize(deserializer).map_err(no_date)? {
            Written::Bare(datetime) => datetime.to_string(),
            Written::Quoted(text) => text,
        };
        // Strict: jiff would take the date out of a date with a time.
        if text.len() > 10 { Err(wrong(&text)) } else { text.parse().map_err(|_| wrong(&text)) }
    }
}

/// The same, where there may be none.
pub(super) mod optional_date {
    use jiff::civil::Date;
    use serde::{Deserialize, Deserializer, Serializer};

    #[derive(Deserialize)]
    struct Wrapped(#[serde(with = "super::date")] Date);

    pub(in crate::approval) fn serialize<S: Serializer>(date: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
        match date {
            Some(date) => super::date::serialize(date, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(in crate::approval) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Date>, D::Error> {
        Wrapped::deserialize(deserializer).map(|Wrapped(date)| Some(date))
    }
}

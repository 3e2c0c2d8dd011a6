//! `roles.csv`: the roles of `adit mine` as a flat table, one row for each thing a role has.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use super::Mined;

/// Writes `role,has,name` with `has` either `member` or `entitlement`.
pub(crate) fn write(mined: &Mined, out: &mut impl Write) -> io::Result<()> {
    out.write_all(b"role,has,name\n")?;
    for role in &mined.roles {
        for name in mined.grants(role) {
            row(out, &role.id, "entitlement", name)?;
        }
        for name in mined.members(role) {
            row(out, &role.id, "member", name)?;
        }
    }
    Ok(())
}

fn row(out: &mut impl Write, role: &str, has: &str, name: &str) -> io::Result<()> {
    writeln!(out, "{role},{has},{}", field(name))
}

/// A name as a field, in quotes where it has to be.
pub(crate) fn field(name: &str) -> Cow<'_, str> {
    if name.contains(['"', ',', '\n', '\r']) || name.starts_with(' ') || name.ends_with(' ') {
        Cow::Owned(format!("\"{}\"", name.replace('"', "\"\"")))
    } else {
        Cow::Borrowed(name)
    }
}

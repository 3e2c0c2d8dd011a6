//! A snapshot written down in one way: canonical CSV files that read back to the same digest.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, BufWriter, Write},
};

use crate::{
    Account, Attribute, Column, DiskFolder, IdentityId, Manifest, Member, MemoryFolder, Snapshot, Source,
    digest::origin, table::Table,
};

/// Where files are written to.
pub trait FolderWriter {
    /// Creates a file, or empties it, by its path relative to the folder.
    ///
    /// # Errors
    /// When it cannot be created.
    fn create(&mut self, path: &str) -> io::Result<Box<dyn Write + '_>>;
}

impl FolderWriter for DiskFolder {
    fn create(&mut self, path: &str) -> io::Result<Box<dyn Write + '_>> {
        fs::create_dir_all(&self.0)?;
        Ok(Box::new(BufWriter::with_capacity(1 << 20, File::create(self.0.join(path))?)))
    }
}

impl FolderWriter for MemoryFolder {
    fn create(&mut self, path: &str) -> io::Result<Box<dyn Write + '_>> {
        let file = self.0.entry(path.to_owned()).or_default();
        file.clear();
        Ok(Box::new(file))
    }
}

/// Writes `snapshot.toml` and one CSV per table: UTF-8, commas, sorted, every id resolved, every group expanded.
///
/// The folder reads back to the same digest, which its `snapshot.toml` states. Rows that a fault kept out of the
/// snapshot are not written.
///
/// # Errors
/// When a file cannot be written.
pub fn write_normalised(snapshot: &Snapshot, folder: &mut dyn FolderWriter) -> io::Result<()> {
    let writing = Writing { snapshot, separator: separator(snapshot) };
    let mut written = Vec::new();
    for table in Table::ALL {
        if writing.has(table) {
            let file = format!("{}.csv", table.name());
            let mut csv = csv::Writer::from_writer(folder.create(&file)?);
            writing.table(table, &mut csv)?;
            csv.flush()?;
            written.push(table);
        }
    }
    let manifest = writing.manifest(&written);
    let text = toml::to_string(&manifest).map_err(io::Error::other)?;
    let mut file = folder.create("snapshot.toml")?;
    file.write_all(text.as_bytes())?;
    file.flush()
}

type Csv<'a> = csv::Writer<Box<dyn Write + 'a>>;

struct Writing<'a> {
    snapshot: &'a Snapshot,
    separator: char,
}

impl Writing<'_> {
    /// Whether a table must be written for the snapshot to read back the same.
    fn has(&self, table: Table) -> bool {
        let snapshot = self.snapshot;
        match table {
            Table::Identities | Table::Entitlements | Table::Assignments => true,
            Table::Accounts => !snapshot.accounts.rows.is_empty(),
            Table::Groups => !snapshot.groups.ids.is_empty(),
            Table::GroupMembers => {
                snapshot.groups.members.iter().any(|members| !members.is_empty())
                    || snapshot.groups.accounts.iter().any(|accounts| !accounts.is_empty())
            }
            Table::GroupGrants => snapshot.groups.grants.iter().any(|grants| !grants.is_empty()),
            Table::Exceptions => !snapshot.exceptions.is_empty(),
            Table::Usage => snapshot.usage.is_some(),
            Table::Roles => !snapshot.roles.is_empty(),
            Table::RoleMembers => snapshot.roles.iter().any(|role| !role.members.is_empty()),
            Table::RoleGrants => snapshot.roles.iter().any(|role| !role.entitlements.is_empty()),
            Table::RoleInherits => snapshot.roles.iter().any(|role| !role.inherits.is_empty()),
        }
    }

    /// The manifest of the folder: the same sources, each table's first with the file.
    fn manifest(&self, written: &[Table]) -> Manifest {
        let mut manifest = self.snapshot.manifest.clone();
        manifest.digest = Some(self.snapshot.digest.whole.to_string());
        let mut missing: Vec<Table> = written.to_vec();
        for source in &mut manifest.sources {
            let table = Table::of(&source.table).filter(|table| missing.contains(table));
            missing.retain(|other| Some(*other) != table);
            source.file = table.map(|table| format!("{}.csv", table.name())).unwrap_or_default();
            source.columns = BTreeMap::new();
            self.declare(source, table.is_some());
        }
        for table in missing {
            let mut source = Source {
                id: format!("normalised-{}", table.name()),
                table: table.name().to_owned(),
                file: format!("{}.csv", table.name()),
                ..Source::default()
            };
            self.declare(&mut source, true);
            manifest.sources.push(source);
        }
        manifest
    }

    /// Says how the file of a source is written, so that nobody has to find it out: a name in a header may look like another delimiter.
    fn declare(&self, source: &mut Source, written: bool) {
        source.delimiter = written.then_some(',');
        source.encoding = written.then(|| "utf-8".to_owned());
        source.separator = written.then_some(self.separator);
    }

    fn table(&self, table: Table, csv: &mut Csv<'_>) -> io::Result<()> {
        match table {
            Table::Identities => self.identities(csv)?,
            Table::Accounts => self.accounts(csv)?,
            Table::Entitlements => self.entitlements(csv)?,
            Table::Assignments => self.assignments(csv)?,
            Table::Groups | Table::GroupMembers | Table::GroupGrants => self.groups(table, csv)?,
            Table::Exceptions => self.exceptions(csv)?,
            Table::Usage => self.usage(csv)?,
            Table::Roles | Table::RoleMembers | Table::RoleGrants | Table::RoleInherits => self.roles(table, csv)?,
        }
        Ok(())
    }

    fn identities(&self, csv: &mut Csv<'_>) -> csv::Result<()> {
        let identities = &self.snapshot.identities;
        csv.write_record(column_names(Table::Identities).chain(names(&identities.attributes)))?;
        for (row, id) in identities.ids.iter().enumerate() {
            csv.write_field(id)?;
            self.attributes(csv, &identities.attributes, row)?;
        }
        Ok(())
    }

    fn entitlements(&self, csv: &mut Csv<'_>) -> csv::Result<()> {
        let entitlements = &self.snapshot.entitlements;
        csv.write_record(column_names(Table::Entitlements).chain(names(&entitlements.attributes)))?;
        for (row, id) in entitlements.ids.iter().enumerate() {
            csv.write_field(id)?;
            for column in [&entitlements.application, &entitlements.attribute, &entitlements.value] {
                csv.write_field(column.get(row).unwrap_or(""))?;
            }
            self.attributes(csv, &entitlements.attributes, row)?;
        }
        Ok(())
    }

    /// Writes the attributes of a row, and ends it.
    fn attributes(&self, csv: &mut Csv<'_>, attributes: &[Attribute], row: usize) -> csv::Result<()> {
        for attribute in attributes {
            match &attribute.column {
                Column::Text(column) => csv.write_field(column.get(row).unwrap_or(""))?,
                Column::List { values, starts, codes } => {
                    let range = starts.get(row).zip(starts.get(row + 1));
                    let codes = range.and_then(|(&start, &end)| codes.get(start as usize..end as usize)).unwrap_or(&[]);
                    let texts = codes.iter().filter_map(|&code| values.get(code as usize)).map(String::as_str);
                    csv.write_field(self.joined(texts))?;
                }
                other => csv.write_field(other.display(row).unwrap_or_default())?,
            }
        }
        csv.write_record(None::<&[u8]>)
    }

    fn joined<'a>(&self, texts: impl Iterator<Item = &'a str>) -> String {
        texts.collect::<Vec<_>>().join(self.separator.encode_utf8(&mut [0; 4]))
    }

    fn accounts(&self, csv: &mut Csv<'_>) -> csv::Result<()> {
        csv.write_record(column_names(Table::Accounts))?;
        for account in &self.snapshot.accounts.rows {
            let owner = account.identity.map(|identity| self.snapshot.identities.name(identity));
            csv.write_record([
                account.id.as_str(),
                &account.system,
                owner.or(account.unknown_identity.as_deref()).unwrap_or(""),
                &shown(account.enabled),
                &shown(account.interactive),
                &shown(account.created),
                &shown(account.last_login),
            ])?;
        }
        Ok(())
    }

    fn assignments(&self, csv: &mut Csv<'_>) -> csv::Result<()> {
        let snapshot = self.snapshot;
        let assignments = &snapshot.assignments;
        let detailed = assignments.grants.is_some();
        if !detailed {
            csv.write_record(["identity_id", "entitlement_id"])?;
        } else {
            csv.write_record(column_names(Table::Assignments))?;
        }
        for identity in snapshot.identities.iter() {
            for (assignment, &held) in assignments.of(identity).zip(assignments.held(identity)) {
                let held = snapshot.entitlements.name(held);
                if !detailed {
                    csv.write_record([snapshot.identities.name(identity), held])?;
                }
                for grant in assignments.grants(assignment) {
                    let account = grant.account.map(|account| self.account(account));
                    // The account says whose it is.
                    let identity = if account.is_some() { "" } else { snapshot.identities.name(identity) };
                    csv.write_record([
                        account.unwrap_or(""),
                        identity,
                        "",
                        held,
                        origin(grant.origin),
                        &self.joined(assignments.path(grant.path).iter().map(String::as_str)),
                        &shown(grant.granted_at),
                        grant.granted_by.as_deref().unwrap_or(""),
                        grant.ticket.as_deref().unwrap_or(""),
                        &shown(grant.expires_at),
                    ])?;
                }
            }
        }
        for orphaned in &snapshot.orphaned {
            let held = snapshot.entitlements.name(orphaned.entitlement);
            csv.write_record([self.account(orphaned.account), "", "", held, "unknown", "", "", "", "", ""])?;
        }
        Ok(())
    }

    fn account(&self, account: u32) -> &str {
        self.snapshot.accounts.rows.get(account as usize).map_or("", |account: &Account| &account.id)
    }

    fn groups(&self, table: Table, csv: &mut Csv<'_>) -> csv::Result<()> {
        let groups = &self.snapshot.groups;
        csv.write_record(column_names(table))?;
        for (index, id) in groups.ids.iter().enumerate() {
            match table {
                Table::Groups => csv.write_record([id])?,
                Table::GroupGrants => {
                    for &entitlement in groups.grants.get(index).into_iter().flatten() {
                        csv.write_record([id, self.snapshot.entitlements.name(entitlement)])?;
                    }
                }
                _ => self.members(index, id, csv)?,
            }
        }
        Ok(())
    }

    fn members(&self, index: usize, group: &str, csv: &mut Csv<'_>) -> csv::Result<()> {
        let groups = &self.snapshot.groups;
        let accounts = groups.accounts.get(index).map_or(&[] as &[_], Vec::as_slice);
        let owner = |account: &u32| self.snapshot.accounts.rows.get(*account as usize)?.identity;
        let mut through: Vec<IdentityId> = accounts.iter().filter_map(owner).collect();
        through.sort_unstable();
        for member in groups.members.get(index).into_iter().flatten() {
            match member {
                // A member by an account of its own is written as that account.
                Member::Identity(identity) if through.binary_search(identity).is_ok() => {}
                Member::Identity(identity) => {
                    csv.write_record([group, self.snapshot.identities.name(*identity), "identity"])?;
                }
                Member::Group(nested) => {
                    let nested = groups.ids.get(nested.0 as usize).map_or("", String::as_str);
                    csv.write_record([group, nested, "group"])?;
                }
            }
        }
        for &account in accounts {
            csv.write_record([group, self.account(account), "account"])?;
        }
        Ok(())
    }

    fn exceptions(&self, csv: &mut Csv<'_>) -> csv::Result<()> {
        csv.write_record(column_names(Table::Exceptions))?;
        for exception in &self.snapshot.exceptions {
            csv.write_record([
                exception.id.as_str(),
                self.snapshot.identities.name(exception.identity),
                "",
                self.snapshot.entitlements.name(exception.entitlement),
                exception.reason.as_deref().unwrap_or(""),
                exception.approver.as_deref().unwrap_or(""),
                &shown(exception.granted_at),
                &shown(exception.expires_at),
                exception.compensating_control.as_deref().unwrap_or(""),
            ])?;
        }
        Ok(())
    }

    fn usage(&self, csv: &mut Csv<'_>) -> csv::Result<()> {
        csv.write_record(column_names(Table::Usage))?;
        for record in self.snapshot.usage.iter().flat_map(|usage| &usage.rows) {
            csv.write_record([
                "",
                self.snapshot.identities.name(record.identity),
                record.entitlement.map_or("", |entitlement| self.snapshot.entitlements.name(entitlement)),
                &shown(record.first),
                &shown(record.last),
                &record.count.to_string(),
                &shown(record.window_days),
            ])?;
        }
        Ok(())
    }

    fn roles(&self, table: Table, csv: &mut Csv<'_>) -> csv::Result<()> {
        let roles = &self.snapshot.roles;
        match table {
            Table::RoleMembers => csv.write_record(["role_id", "identity_id"])?,
            _ => csv.write_record(column_names(table))?,
        }
        for role in roles {
            match table {
                Table::Roles => {
                    let text = |text: &Option<String>| text.clone().unwrap_or_default();
                    csv.write_record([role.id.as_str(), &text(&role.name), &text(&role.owner)])?;
                }
                Table::RoleMembers => {
                    for &member in &role.members {
                        csv.write_record([role.id.as_str(), self.snapshot.identities.name(member)])?;
                    }
                }
                Table::RoleGrants => {
                    for &entitlement in &role.entitlements {
                        csv.write_record([role.id.as_str(), self.snapshot.entitlements.name(entitlement)])?;
                    }
                }
                _ => {
                    for parent in role.inherits.iter().filter_map(|&parent| roles.get(parent)) {
                        csv.write_record([&role.id, &parent.id])?;
                    }
                }
            }
        }
        Ok(())
    }
}

fn column_names<'a>(table: Table) -> impl Iterator<Item = &'a str> {
    table.columns().iter().map(|column| column.name)
}

fn names(attributes: &[Attribute]) -> impl Iterator<Item = &str> {
    attributes.iter().map(|attribute| attribute.name.as_str())
}

fn shown(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// A character that is in no value of a list and in no step of a path.
fn separator(snapshot: &Snapshot) -> char {
    let attributes = snapshot.identities.attributes.iter().chain(&snapshot.entitlements.attributes);
    let lists: Vec<&String> = attributes
        .filter_map(|attribute| match &attribute.column {
            Column::List { values, .. } => Some(values),
            _ => None,
        })
        .flatten()
        .collect();
    let free = |candidate: &char| {
        let steps = snapshot.assignments.paths.rows.iter().flatten();
        !lists.iter().copied().chain(steps).any(|text| text.contains(*candidate))
    };
    let private = '\u{e000}'..='\u{f8ff}';
    ['|', '>', ';', '/', '\u{1f}'].into_iter().chain(private).find(free).unwrap_or('|')
}

use adit_compiler::spec::Percent;
use adit_snapshots::IdentityId;

use crate::{Confidence, Finding, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// What is called a person looks like a machine.
    ///
    /// ## What it finds
    /// An identity in scope, of a class of people, with two or more of these signs: its id or name begins as those of machines do (`svc-`, `sa_`, `bot-`, `ci-`,
    /// `batch`, …); it has an account, and none that anybody logs in with; it has neither manager nor e-mail address nor employee id, where nine of
    /// ten people have one.
    ///
    /// ## Why it matters
    /// A service account filed as a person is reviewed by nobody as a machine, and its access shapes the roles of people.
    ///
    /// ## Example
    /// ```csv
    /// identity_id,kind,display_name,email,manager_id
    /// svc-backup,employee,Backup service,,
    /// ```
    ///
    /// ## What to do
    /// Correct the kind at the source. If it is a person after all, complete the record.
    ///
    /// ## When to waive it
    /// For a person whose record is being completed.
    ///
    /// ## What it cannot see
    /// Machines whose records look like those of people. Where no source has accounts, managers or addresses, these signs are not there.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-2: the kinds of account, and what each may be used for, are defined.
    /// - OWASP NHI1:2025: improper offboarding.
    RULE = {
        code: "RM307", name: "kind-mismatch-signals", family: Scope, severity: Warning, confidence: Medium, waivable: true,
        references: [
            "NIST SP 800-53 r5 AC-2", "OWASP NHI1:2025",
        ],
        aliases: ["RM-307"], since: "0.1.0", check: check,
    }
}

/// How names of machines begin.
const BEGINNINGS: [&str; 10] = ["app", "batch", "bot", "ci", "robot", "sa", "service", "srv", "svc", "system"];

/// What nearly every person has, so that lacking all of it is strange.
const USUAL: [&str; 3] = ["manager_id", "email", "employee_id"];

/// Nearly every: 90%.
const NEARLY_ALL: Percent = Percent(9_000);

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    let people: Vec<IdentityId> = context.in_scope().filter(|&identity| context.is_human(identity)).collect();
    let has = |attribute: &str, identity: IdentityId| {
        context.snapshot.identities.text(attribute, identity).is_some_and(|text| !text.trim().is_empty())
    };
    let with_one = people.iter().filter(|&&person| USUAL.iter().any(|usual| has(usual, person))).count() as u64;
    let usual = NEARLY_ALL.met_by(with_one, people.len() as u64);
    let logins = logins(context);
    for &identity in &people {
        let mut signs = Vec::new();
        if let Some(name) = named_so(context, identity) {
            signs.push(format!("it is called `{name}`, as machines are"));
        }
        if logins.get(identity.0 as usize).copied().flatten() == Some(false) {
            signs.push("nobody logs in with any of its accounts".to_owned());
        }
        if usual && !USUAL.iter().any(|usual| has(usual, identity)) {
            signs.push("it has neither a manager, nor an address, nor an employee id".to_owned());
        }
        if signs.len() < 2 {
            continue;
        }
        let finding = RULE.finding(
            Subject::Identity(identity),
            Phrase::new("identity ").identity(identity).text(" is filed as a person and looks like a machine"),
            "correct its kind at the source; if it is a person, complete the record",
        );
        let finding = if signs.len() > 2 { finding.confidence(Confidence::High) } else { finding };
        let finding = finding.count("signs", signs.len() as u64, Some(3));
        found.push(signs.into_iter().fold(finding, |finding, sign| finding.note(Phrase::new(sign))));
    }
}

/// Whether anybody logs in with an account of each identity; none where no account says so.
fn logins(context: &Context<'_>) -> Vec<Option<bool>> {
    let mut logins = vec![None; context.snapshot.identities.len()];
    for account in &context.snapshot.accounts.rows {
        let login = account.identity.and_then(|identity| logins.get_mut(identity.0 as usize));
        if let (Some(login), Some(interactive)) = (login, account.interactive) {
            *login = Some(interactive || *login == Some(true));
        }
    }
    logins
}

fn named_so<'a>(context: &'a Context<'_>, identity: IdentityId) -> Option<&'a str> {
    let identities = &context.snapshot.identities;
    let names = [Some(identities.name(identity)), identities.text("display_name", identity)];
    names.into_iter().flatten().find(|name| begins_as_machines(name))
}

/// Whether the first word is one of machines. A blank ends none: `Bot Nguyen` is a person.
fn begins_as_machines(name: &str) -> bool {
    let name = name.trim().to_ascii_lowercase();
    let after = |word: &&str| name.strip_prefix(word).and_then(|rest| rest.chars().next());
    BEGINNINGS.iter().filter_map(after).any(|next| !next.is_alphabetic() && !next.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_may_be_called_batchelor() {
        let machines = ["svc-backup", "SVC_BACKUP", "sa.sql", "batch01", "Robot-7", " bot-1"];
        let people = ["Robotham, Ann", "batchelor.j", "sandra", "Bot Nguyen", "Ci", "appleby", "u-svc-1"];
        assert_eq!(machines.map(begins_as_machines), [true; 6]);
        assert_eq!(people.map(begins_as_machines), [false; 7]);
    }
}

//! Where each role stands: which approval files are about it, and which of their signatures count.

use adit_snapshots::Digest;
use rayon::prelude::*;

use super::{
    ApprovalFile, ApprovalState, Content, RejectReason, Rejected, RoleStatus, Signature, Transition, people::People,
};
use crate::{
    address::{key, same},
    compile::Compilation,
    roles::CandidateRole,
    spec::Provision,
};

/// Holds the approval files against the roles: fills in statuses, given names and strays.
pub(crate) fn judge(compilation: &mut Compilation<'_>) {
    let people = People::new(
        compilation.snapshot,
        compilation.spec.provisions.iter().flat_map(|provision| &provision.approvers).map(String::as_str),
    );
    let contents: Vec<Digest> = (0..compilation.roles.len())
        .into_par_iter()
        .map(|role| Content::of(compilation, role).map(|content| content.digest()).unwrap_or_default())
        .collect();
    let bench = Bench { compilation, contents: &contents, people: &people };
    let judged: Vec<(RoleStatus, Option<String>)> =
        (0..compilation.roles.len()).map(|number| bench.status(number)).collect();
    let stray = |file: &ApprovalFile| !compilation.roles.iter().any(|role| names(file, role));
    compilation.stray_approvals =
        (0..).zip(compilation.approvals).filter(|(_, file)| stray(file)).map(|(index, _)| index).collect();
    for (role, (status, name)) in compilation.roles.iter_mut().zip(judged) {
        // A role that exists keeps its name until people give it another.
        role.name = name.or_else(|| role.name.take());
        compilation.statuses.push(status);
    }
}

struct Bench<'a, 'b> {
    compilation: &'a Compilation<'b>,
    contents: &'a [Digest],
    people: &'a People,
}

impl Bench<'_, '_> {
    /// The status of a role, and the name that people gave it.
    fn status(&self, number: usize) -> (RoleStatus, Option<String>) {
        let content = self.contents.get(number).copied().unwrap_or_default();
        let Some(role) = self.compilation.roles.get(number) else {
            let state = ApprovalState::NotProvisioned;
            return (RoleStatus { content, file: None, state, open: Vec::new() }, None);
        };
        let about: Vec<(usize, &ApprovalFile)> = self
            .compilation
            .approvals
            .iter()
            .enumerate()
            .filter(|(_, file)| self.is_about(file, number, role))
            .collect();
        let states = about.iter().flat_map(|(_, file)| &file.approval.states);
        let withdrawal = Transition::withdrawal(states, self.compilation.as_of);
        let (current, stale): (Vec<_>, Vec<_>) =
            about.into_iter().partition(|(_, file)| file.approval.content == content);
        let name = current.iter().find_map(|(_, file)| file.approval.name.clone());
        let file = current.first().or(stale.first()).map(|(index, _)| *index);
        let Some(provision) = self.compilation.provision(role) else {
            let state = if role.is_unchanged() { ApprovalState::InForce } else { ApprovalState::NotProvisioned };
            return (RoleStatus { content, file, state, open: Vec::new() }, name);
        };
        let current: Vec<&ApprovalFile> = current.into_iter().map(|(_, file)| file).collect();
        let stale = stale.first().map(|(_, file)| file.approval.content);
        let (mut state, open) = self.state(role, provision, &current, stale);
        if role.is_unchanged() && !matches!(state, ApprovalState::Approved { .. }) {
            state = ApprovalState::InForce;
        }
        if let Some(&Transition { to, on, .. }) = withdrawal {
            state = ApprovalState::Withdrawn { to, on };
        }
        (RoleStatus { content, file, state, open }, name)
    }

    /// Where a provisioned role stands, and who may still sign.
    fn state(
        &self,
        role: &CandidateRole,
        provision: &Provision,
        current: &[&ApprovalFile],
        stale: Option<Digest>,
    ) -> (ApprovalState, Vec<String>) {
        let as_of = self.compilation.as_of;
        let last_day = |file: &&&ApprovalFile| file.approval.expires.filter(|&last| last < as_of);
        let valid: Vec<&&ApprovalFile> = current.iter().filter(|file| last_day(file).is_none()).collect();
        let requesters: Vec<&str> = provision
            .requested
            .iter()
            .chain(valid.iter().filter_map(|file| file.approval.requested.as_ref()))
            .map(String::as_str)
            .collect();
        let mut signatures: Vec<&Signature> = valid.iter().flat_map(|file| &file.approval.signatures).collect();
        // By person, then by date: whatever the order of files and lines, the same signature counts and the same is a repetition.
        signatures.sort_by_key(|signature| (key(&signature.by), signature.on));
        let (mut by, mut rejected): (Vec<String>, Vec<Rejected>) = (Vec::new(), Vec::new());
        for signature in signatures {
            let reason = self.rejection(role, provision, &requesters, &signature.by).or_else(|| {
                let repeated = by.iter().any(|name| same(name, &signature.by));
                let reasons = [(signature.on > as_of, RejectReason::InTheFuture), (repeated, RejectReason::Repeated)];
                reasons.into_iter().find(|(applies, _)| *applies).map(|(_, reason)| reason)
            });
            match reason {
                Some(reason) => rejected.push(Rejected { by: signature.by.trim().to_owned(), reason }),
                None => by.push(signature.by.trim().to_owned()),
            }
        }
        let open = provision
            .approvers
            .iter()
            .filter(|approver| self.rejection(role, provision, &requesters, approver).is_none())
            .filter(|approver| !by.iter().any(|name| same(name, approver)))
            .cloned()
            .collect();
        let ended = current.iter().filter_map(|file| last_day(&file)).max();
        let signed = u32::try_from(by.len()).unwrap_or(u32::MAX);
        // A provision that asks for no signature at all is never approved by nobody.
        let needed = provision.needed.max(1);
        let state = match (valid.is_empty(), ended, stale) {
            (true, Some(on), _) => ApprovalState::Expired { on },
            (true, None, Some(approved)) => ApprovalState::Stale { approved },
            _ if signed >= needed => ApprovalState::Approved { by },
            _ => ApprovalState::Pending { signed, needed, rejected },
        };
        (state, open)
    }

    /// Why the signature of a person cannot count, whatever its date.
    fn rejection(
        &self,
        role: &CandidateRole,
        provision: &Provision,
        requesters: &[&str],
        person: &str,
    ) -> Option<RejectReason> {
        if !provision.approvers.iter().any(|name| same(name, person)) {
            Some(RejectReason::NotAnApprover)
        } else if requesters.iter().any(|name| same(name, person)) {
            Some(RejectReason::Requester)
        } else if self.people.gains(person, role) {
            Some(RejectReason::Member)
        } else {
            None
        }
    }

    /// Whether a file is about a role. Roles that grant the same have the same id: then a file for the very content of one of them
    /// is about that one only.
    fn is_about(&self, file: &ApprovalFile, number: usize, role: &CandidateRole) -> bool {
        if !names(file, role) {
            return false;
        }
        let content = Some(&file.approval.content);
        self.contents.get(number) == content
            || file.approval.role == role.handle
            || !self
                .compilation
                .roles
                .iter()
                .zip(self.contents)
                .any(|(other, digest)| other.id == role.id && Some(digest) == content)
    }
}

/// Whether a file names a role, by its id or by its handle.
fn names(file: &ApprovalFile, role: &CandidateRole) -> bool {
    file.approval.role == role.id.0 || file.approval.role == role.handle
}

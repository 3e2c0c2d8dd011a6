use std::collections::BTreeSet;

use adit_compiler::spec::{Control, Governance};
use adit_snapshots::{EntitlementId, IdentityId};

use super::wording;
use crate::{
    Evidence, Finding, Node, Phrase, Severity,
    context::Context,
    graph::{Holder, SideAccess},
    rule::declare_rule,
};

declare_rule! {
    /// Members of a role can change the role itself: who is in it, what it grants, who approves it, or what is recorded of it.
    ///
    /// ## What it finds
    /// A `governance` of the spec says by which entitlements roles are changed. The rule finds every candidate role, existing role and group
    /// whose own grants, inherited ones included, have one of them: everyone who gets such a role can enlarge it. Where the governance names the
    /// roles it is about (`of role …`), it also finds those whose members reach a control in any other way: directly, through a group or
    /// through another role. That is a warning, and says how many they are.
    ///
    /// It is an error for candidate roles, and a warning for existing roles and groups.
    ///
    /// ## Why it matters
    /// A role that its members can edit has no owner but them: they add a colleague, approve it, and delete the trace. The controls over a
    /// role are worth what keeps them out of the hands of whoever has it.
    ///
    /// ## Example
    /// ```adit
    /// governance access-desk "Who decides who has what" {
    ///   of          role helpdesk
    ///   membership  iga.right "assign roles"
    ///   rule        git.permission "merge policy"
    ///   log         siem.right "delete events"
    /// }
    ///
    /// role helpdesk {
    ///   grants iga.right "assign roles", ad.right "reset password"
    /// }
    /// ```
    /// Whoever is in the help desk can put anybody into the help desk.
    ///
    /// ## What to do
    /// Take the control out of the role, and give it by a role of its own whose members others decide on. Where members reach it in another way,
    /// see the path.
    ///
    /// ## When to waive it
    /// For the one team that administers access, whose own membership is decided elsewhere and whose changes are recorded where it cannot
    /// reach.
    ///
    /// ## What it cannot see
    /// Controls that the spec does not name, and limits within one: an entitlement to assign roles counts for every role that the
    /// governance is of.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-5: duties of individuals that need separation are identified, and access authorisations support it.
    /// - NIST SP 800-53 r5 CM-5(1): access restrictions for changes are enforced automatically, and recorded.
    /// - ISO/IEC 27001:2022 A.5.3: conflicting duties and areas of responsibility are segregated.
    /// - ISO/IEC 27001:2022 A.8.15: logs are protected from those whose activities they record.
    RULE = {
        code: "RM506", name: "self-governing-role", family: Duties, severity: Error, confidence: High, waivable: true,
        references: [
            "NIST SP 800-53 r5 AC-5",
            "NIST SP 800-53 r5 CM-5(1)",
            "ISO/IEC 27001:2022 A.5.3",
            "ISO/IEC 27001:2022 A.8.15",
        ],
        aliases: ["self-governance"], since: "0.1.0", check: check,
    }
}

/// What is changed, and by which entitlements.
type Controls = Vec<(Control, SideAccess)>;

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for governance in &context.spec.governance {
        let mut unknown = Vec::new();
        let mut controls = Controls::new();
        for (control, access) in &governance.controls {
            let (known, lacks) = context.graph.resolve(access);
            unknown.extend(lacks);
            controls.push((*control, known));
        }
        let of = adit_compiler::spec::Access { roles: governance.of.clone(), ..Default::default() };
        let (governed, lacks) = context.graph.resolve(&of);
        unknown.extend(lacks);
        found.extend(wording::lacking(&RULE, "governance", &governance.name, governance.span, &unknown));
        if governance.of.is_empty() {
            found
                .extend(context.graph.holders().filter_map(|holder| by_grants(context, governance, &controls, holder)));
            continue;
        }
        let reach = Reach::of(context, &controls);
        for holder in governed.roles {
            let finding = by_grants(context, governance, &controls, holder);
            found.extend(finding.or_else(|| by_members(context, governance, &controls, &reach, holder)));
        }
    }
}

/// A role that grants a control over itself.
fn by_grants(context: &Context<'_>, governance: &Governance, controls: &Controls, holder: Holder) -> Option<Finding> {
    let effective = context.graph.effective(holder);
    let granted: Vec<(Control, EntitlementId)> = controls
        .iter()
        .filter_map(|(control, access)| {
            let first = access.entitlements.iter().find(|id| effective.binary_search(id).is_ok())?;
            Some((*control, *first))
        })
        .collect();
    if granted.is_empty() {
        return None;
    }
    let message = wording::begin(context, holder);
    let message =
        message.text(format!(" lets its members change its own {}", words(granted.iter().map(|(it, _)| *it))));
    let severity = if matches!(holder, Holder::Role(_)) { Severity::Error } else { Severity::Warning };
    let finding = about(context, governance, holder, message).severity(severity);
    let paths =
        granted.iter().filter_map(|(control, id)| context.graph.path(holder, &[*id]).map(|path| to(path, *control)));
    Some(finding.evidences(paths.collect::<Vec<_>>()).count(
        "identities that have it",
        context.graph.members(holder).len() as u64,
        None,
    ))
}

/// Who can use any of the controls.
struct Reach {
    controls: BTreeSet<EntitlementId>,
    /// The groups and roles that pass one on.
    through: BTreeSet<Holder>,
}

impl Reach {
    fn of(context: &Context<'_>, controls: &Controls) -> Self {
        let controls: BTreeSet<EntitlementId> =
            controls.iter().flat_map(|(_, access)| access.entitlements.iter().copied()).collect();
        let passes_on = |holder: &Holder| context.graph.effective(*holder).iter().any(|id| controls.contains(id));
        let through = context.graph.holders().filter(passes_on).collect();
        Self { controls, through }
    }

    fn has(&self, context: &Context<'_>, identity: IdentityId) -> bool {
        let mut memberships = context.graph.memberships(identity).filter_map(|vertex| vertex.holder());
        context.snapshot.assignments.held(identity).iter().any(|held| self.controls.contains(held))
            || memberships.any(|holder| self.through.contains(&holder))
    }
}

/// A role whose members reach a control over it in another way.
fn by_members(
    context: &Context<'_>,
    governance: &Governance,
    controls: &Controls,
    reach: &Reach,
    holder: Holder,
) -> Option<Finding> {
    let graph = context.graph;
    let members = graph.members(holder);
    let able: Vec<IdentityId> = members.iter().copied().filter(|&identity| reach.has(context, identity)).collect();
    let first = *able.first()?;
    let path = |access: &SideAccess| {
        let targets = access.entitlements.as_slice();
        graph.path_today(first, targets).or_else(|| graph.path_by_role(first, targets))
    };
    let paths: Vec<(Control, Vec<Node>)> =
        controls.iter().filter_map(|(control, access)| Some((*control, path(access)?))).collect();
    let message = wording::begin(context, holder).text(format!(
        " has members who can change its {} by other access",
        words(paths.iter().map(|(control, _)| *control))
    ));
    let finding = about(context, governance, holder, message).severity(Severity::Warning);
    let finding = finding.evidences(paths.into_iter().map(|(control, path)| to(path, control)));
    Some(finding.count("members who can", able.len() as u64, Some(members.len() as u64)))
}

fn about(context: &Context<'_>, governance: &Governance, holder: Holder, message: Phrase) -> Finding {
    let cites = match governance.cites.is_empty() {
        true => String::new(),
        false => format!(" ({})", governance.cites.join(", ")),
    };
    let finding = RULE.finding(
        wording::subject(context, holder, &governance.name),
        message,
        "take the control out of the role, and have others decide who gets it",
    );
    finding
        .at(governance.span)
        .note(Phrase::new(format!("governance `{}`: {}{cites}", governance.name, governance.title)))
}

fn to(mut path: Vec<Node>, control: Control) -> Evidence {
    path.push(Node::Text(format!("changes its {}", word(control))));
    Evidence::Path(path)
}

fn words(controls: impl Iterator<Item = Control>) -> String {
    let controls: BTreeSet<Control> = controls.collect();
    controls.into_iter().map(word).collect::<Vec<_>>().join(" and ")
}

fn word(control: Control) -> &'static str {
    match control {
        Control::Membership => "membership",
        Control::Rule => "rule",
        Control::Approval => "approval",
        Control::Log => "audit log",
    }
}

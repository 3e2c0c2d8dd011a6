use crate::{
    Evidence, Finding, Node, Phrase, Subject,
    context::Context,
    graph::{Holder, SideAccess},
    rule::declare_rule,
};

declare_rule! {
    /// A role or group inherits what it has already through another parent.
    ///
    /// ## What it finds
    /// A candidate role, a role of the spec or an existing role that inherits another one directly, and also through one of the others it
    /// inherits; a group that is in another one directly, and also through one it is in. The direct step changes nothing today. The evidence
    /// shows both ways. Steps of a circle are left to RM407.
    ///
    /// ## Why it matters
    /// Whoever takes the longer way apart expects the access to end, and it stays. Whoever reviews the hierarchy reads more than there is.
    ///
    /// ## Example
    /// ```adit
    /// role reader  { grants sap.tcode "FB03" }
    /// role clerk   { grants sap.tcode "FB60"; inherits reader }
    /// role manager { grants sap.tcode "MIRO"; inherits clerk, reader }   // clerk has reader already
    /// ```
    ///
    /// ## What to do
    /// Take the direct step out, unless it is meant to stay when the longer way goes.
    ///
    /// ## When to waive it
    /// When both ways are meant: two reasons for the same access, that may end apart.
    ///
    /// ## What it cannot see
    /// Nesting in systems that no source was extracted from. Access that two ways give without one of them inheriting the other.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-3(7): access is controlled by roles.
    /// - ISO/IEC 27001:2022 A.5.18: access rights are provisioned and reviewed by policy.
    RULE = {
        code: "RM413", name: "redundant-inheritance", family: Structure, severity: Info, confidence: High, waivable: true,
        references: ["NIST SP 800-53 r5 AC-3(7)", "ISO/IEC 27001:2022 A.5.18"],
        aliases: [], since: "0.1.0", check: check,
    }
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for holder in context.graph.holders() {
        let redundant = context.graph.redundant(holder);
        if let Some(subject) = subject(context, holder).filter(|_| !redundant.is_empty()) {
            found.push(finding(context, holder, subject, &redundant));
        }
    }
}

fn subject(context: &Context<'_>, holder: Holder) -> Option<Subject> {
    match (holder, context.graph.holder_name(holder)) {
        (Holder::Role(role), _) => context.compilation.roles.get(role).map(Subject::role),
        (_, Node::ExistingRole(id)) => Some(Subject::ExistingRole(id)),
        (_, Node::Group(id)) => Some(Subject::Group(id)),
        _ => None,
    }
}

fn finding(context: &Context<'_>, holder: Holder, subject: Subject, redundant: &[(Holder, Holder)]) -> Finding {
    let name = |holder: Holder| context.graph.holder_name(holder);
    let verb = if matches!(holder, Holder::Group(_)) { " is in " } else { " inherits " };
    let message = Phrase::default().node(name(holder)).text(verb);
    let message = match redundant {
        [(parent, through)] => message.node(name(*parent)).text(" both directly and through ").node(name(*through)),
        many => message.text(format!("{} others both directly and through another one", many.len())),
    };
    let ways = redundant.iter().flat_map(|&(parent, through)| {
        let wanted = SideAccess { entitlements: Vec::new(), roles: vec![parent] };
        let around = context.graph.path(through, &wanted).unwrap_or_default();
        let around = std::iter::once(name(holder)).chain(around).collect();
        [Evidence::Path(vec![name(holder), name(parent)]), Evidence::Path(around)]
    });
    let help = "take the direct step out, unless it is to stay when the longer way goes";
    RULE.finding(subject, message, help).evidences(ways)
}

//! Scopes: who and what is mined, and whether that can be anyone or anything.

use adit_grammar::{
    Diagnostic, Span,
    ast::{self, ScopeAction, Selection},
};

use super::{
    classes, codes, conditions,
    context::{Context, Faults, Subject},
    logic::{impossible, of_classes, of_kind},
};
use crate::spec::{Condition, IdentityClass, IdentitySelection, KindName, Scope, ScopeLine};

/// Checks the scope of a mining block. `classes` and `minable` are `None` when they are wrong themselves.
pub(super) fn check(
    context: &Context<'_>,
    classes: Option<&[IdentityClass]>,
    mining: &ast::Mining,
    minable: Option<&[(KindName, Span)]>,
    faults: &mut Faults,
) -> Option<Scope> {
    let before = faults.len();
    let rules = mining.scope.as_ref().map(|scope| scope.node.as_slice()).unwrap_or_default();
    let mut scope = Scope::default();
    let mut complete = true;
    for rule in rules {
        complete &= add(context, rule, &mut scope, faults).is_some();
    }
    if let (true, Some(block)) = (complete, &mining.scope) {
        if let Some(classes) = classes {
            identities(&scope, classes, mining, faults);
        }
        // What each line alone got wrong explains enough.
        if faults.len() == before {
            entitlements(&scope, minable, block.span, faults);
        }
        for line in scope.except_assignments.iter().filter(|line| matches!(line.condition, Condition::Always)) {
            faults.push(empty(line.span, "all assignments are excluded", "leaves nothing"));
        }
    }
    complete.then_some(scope)
}

fn add(context: &Context<'_>, rule: &ast::ScopeRule, scope: &mut Scope, faults: &mut Faults) -> Option<()> {
    let excludes = rule.action.node == ScopeAction::Exclude;
    match &rule.because {
        Some(because) => context.reason(because, faults),
        None if excludes => faults.push(
            Diagnostic::error(codes::NO_REASON, "an exclusion needs a reason", *rule.span, "expected `because \"…\"`")
                .help("say why this is no evidence of what people need"),
        ),
        None => {}
    }
    match &rule.selection {
        Selection::Identities { classes: names, condition } => {
            let found: Vec<_> = names.iter().map(|name| classes::class(context, name, faults)).collect();
            let line = line(context, rule, Subject::Identity, condition.as_ref(), faults);
            let mut classes = found.into_iter().collect::<Option<Vec<_>>>()?;
            classes.sort_unstable();
            classes.dedup();
            let selection = IdentitySelection { classes, line: line? };
            if excludes { &mut scope.except_identities } else { &mut scope.identities }.push(selection);
        }
        Selection::Entitlements { condition } => {
            let line = line(context, rule, Subject::Entitlement, condition.as_ref(), faults)?;
            if excludes { &mut scope.except_entitlements } else { &mut scope.entitlements }.push(line);
        }
        Selection::Assignments { condition } => {
            let line = line(context, rule, Subject::Assignment, condition.as_ref(), faults)?;
            if !excludes {
                faults.push(
                    Diagnostic::error(
                        codes::WRONG_PLACE,
                        "assignments are in unless they are excluded",
                        *rule.span,
                        "cannot be included",
                    )
                    .help("write what is out: `exclude assignments where … because \"…\"`"),
                );
                return None;
            }
            scope.except_assignments.push(line);
        }
    }
    Some(())
}

fn line(
    context: &Context<'_>,
    rule: &ast::ScopeRule,
    subject: Subject,
    written: Option<&ast::Condition>,
    faults: &mut Faults,
) -> Option<ScopeLine> {
    let condition = match written {
        None => Condition::Always,
        Some(written) => {
            let condition = conditions::condition(context, subject, written, faults)?;
            let before = faults.len();
            conditions::judge(subject, written, &condition, faults);
            if faults.len() > before {
                return None;
            }
            condition
        }
    };
    Some(ScopeLine {
        condition,
        because: rule.because.as_ref().map(|because| because.node.clone()),
        text: text(context, rule),
        span: *rule.span,
    })
}

/// The line as it was written, without its reason and its comments, blanks collapsed.
fn text(context: &Context<'_>, rule: &ast::ScopeRule) -> String {
    let Some(file) = context.project.file(rule.span.file) else { return String::new() };
    let end = rule.because.as_ref().map_or(rule.span.end, |because| because.span.start);
    let comments = &file.tree.comments;
    let first = comments.partition_point(|comment| comment.span.start < rule.span.start);
    let mut from = rule.span.start;
    let mut words: Vec<&str> = Vec::new();
    for comment in comments.iter().skip(first).map(|comment| comment.span).take_while(|span| span.start < end) {
        words.extend(file.text.get(from as usize..comment.start as usize).unwrap_or("").split_whitespace());
        from = comment.end;
    }
    words.extend(file.text.get(from as usize..end as usize).unwrap_or("").split_whitespace());
    if rule.because.is_some() && words.last() == Some(&"because") {
        words.pop();
    }
    words.join(" ")
}

/// Whether anyone can be in scope, and whether each line can take in or leave out anyone.
fn identities(scope: &Scope, classes: &[IdentityClass], mining: &ast::Mining, faults: &mut Faults) {
    if classes.is_empty() {
        return;
    }
    // Everyone who may be mined at all, and is who their class says they are.
    let mined = classes.iter().enumerate().filter(|(_, class)| !class.break_glass);
    let everyone = Condition::Any(
        mined.map(|(index, class)| Condition::All(vec![of_classes([index]), class.condition.clone()])).collect(),
    );
    let selected = |selection: &IdentitySelection| {
        let of_classes = match selection.classes.as_slice() {
            [] => Condition::Always,
            chosen => of_classes(chosen.iter().copied()),
        };
        Condition::All(vec![of_classes, selection.line.condition.clone()])
    };
    for selection in &scope.identities {
        if let [only] = selection.classes.as_slice()
            && let Some(class) = classes.get(*only).filter(|class| class.break_glass)
        {
            let message = format!("`{}` is never mined and never in a role", class.name);
            faults.push(
                Diagnostic::error(codes::NEVER_MINED, message, selection.line.span, "cannot be included")
                    .help("emergency access is granted by hand and watched; remove the line"),
            );
            return;
        }
        if impossible(Subject::Identity, &[(&everyone, true), (&selected(selection), true)]) {
            let fault = empty(selection.line.span, "no identity can be in scope by this line", "rules out everyone");
            let class = match selection.classes.as_slice() {
                [only] => classes.get(*only),
                _ => None,
            };
            faults.push(match class {
                Some(class) => fault.label(class.span, "who belongs to the class"),
                None => fault,
            });
            return;
        }
    }
    let included = match scope.identities.as_slice() {
        [] => everyone,
        lines => Condition::All(vec![Condition::Any(lines.iter().map(selected).collect()), everyone]),
    };
    let excluded: Vec<Condition> = scope.except_identities.iter().map(selected).collect();
    for (line, excluded) in scope.except_identities.iter().zip(&excluded) {
        let break_glass = line.classes.iter().any(|class| classes.get(*class).is_some_and(|class| class.break_glass));
        if !break_glass && impossible(Subject::Identity, &[(&included, true), (excluded, true)]) {
            faults.push(no_effect(line.line.span));
        }
    }
    let mut demands = vec![(&included, true)];
    for (line, excluded) in scope.except_identities.iter().zip(&excluded) {
        demands.push((excluded, false));
        if impossible(Subject::Identity, &demands) {
            let message = format!("nobody can be in the scope of `{}`", mining.name.node);
            faults.push(empty(line.line.span, &message, "leaves no one"));
            return;
        }
    }
}

/// Whether anything minable can be in scope.
fn entitlements(scope: &Scope, minable: Option<&[(KindName, Span)]>, block: Span, faults: &mut Faults) {
    let included = match scope.entitlements.as_slice() {
        [] => Condition::Always,
        lines => Condition::Any(lines.iter().map(|line| line.condition.clone()).collect()),
    };
    let mut demands = vec![(&included, true)];
    demands.extend(scope.except_entitlements.iter().map(|line| (&line.condition, false)));
    if impossible(Subject::Entitlement, &demands) {
        faults.push(empty(block, "no entitlement can be in scope", "the exclusions leave nothing of what is included"));
        return;
    }
    for line in &scope.except_entitlements {
        if impossible(Subject::Entitlement, &[(&included, true), (&line.condition, true)]) {
            faults.push(no_effect(line.span));
        }
    }
    let Some(minable) = minable else { return };
    let kinds: Vec<(Condition, &KindName, Span)> =
        minable.iter().map(|(kind, span)| (of_kind(kind), kind, *span)).collect();
    let out: Vec<_> = kinds
        .iter()
        .filter(|(of_kind, ..)| {
            let mut demands = demands.clone();
            demands.insert(0, (of_kind, true));
            impossible(Subject::Entitlement, &demands)
        })
        .collect();
    if !out.is_empty() && out.len() == kinds.len() {
        faults.push(empty(block, "nothing minable can be in scope", "keeps out every minable kind"));
        return;
    }
    for (_, kind, span) in out {
        let message = format!("`{kind}` can never be in scope");
        faults.push(
            Diagnostic::error(codes::UNREACHABLE_KIND, message, *span, "minable")
                .label(block, "kept out by this scope")
                .help("include its application, or take it off the list"),
        );
    }
}

fn empty(span: Span, message: &str, label: &str) -> Diagnostic {
    Diagnostic::error(codes::EMPTY_SCOPE, message, span, label).help("nothing would be mined: widen it")
}

fn no_effect(span: Span) -> Diagnostic {
    Diagnostic::warning(codes::NO_EFFECT, "this excludes nothing that is included", span, "has no effect")
        .help("remove it, or check what it was meant to exclude")
}

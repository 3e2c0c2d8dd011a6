//! Any tree the parser can give.

use adit_grammar::{Span, Spanned, ast::*};
use jiff::civil::Date;
use proptest::{collection::vec, option, prelude::*};

fn spanned<T: std::fmt::Debug>(node: impl Strategy<Value = T>) -> impl Strategy<Value = Spanned<T>> {
    node.prop_map(|node| Spanned::new(node, Span::default()))
}

/// Names, keywords of other places among them.
fn name() -> impl Strategy<Value = Text> {
    const RESERVED: [&str; 15] = [
        "and", "or", "not", "in", "is", "like", "has", "where", "because", "from", "true", "false", "unused",
        "members", "holding",
    ];
    let words = prop_oneof![
        "[a-zA-Z_][a-zA-Z0-9_]{0,6}(-[a-z0-9]{1,3}){0,2}",
        "[äéж中]{1,3}",
        prop::sample::select(
            &["title", "role", "mining", "at", "never", "identities", "for", "everything-else", "in-x"][..]
        )
        .prop_map(str::to_owned),
    ];
    spanned(words.prop_filter("reserved", |word| !RESERVED.contains(&word.as_str()) && word != "everything"))
}

fn text() -> impl Strategy<Value = Text> {
    spanned(prop_oneof![
        "[ -~]{0,12}",
        "[\"\\\\\n\t/é{}]{0,6}",
        "\\PC{0,6}",
        vec(any::<char>(), 0..6).prop_map(String::from_iter)
    ])
}

fn date() -> impl Strategy<Value = Date> {
    (1900_i16..2100, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| Date::new(year, month, day).unwrap())
}

fn literal() -> impl Strategy<Value = Literal> {
    let value = prop_oneof![
        text().prop_map(|text| LiteralValue::Text(text.node)),
        any::<u32>().prop_map(LiteralValue::Percent),
        (0_u32..20_000).prop_map(LiteralValue::Percent),
        any::<i64>().prop_map(LiteralValue::Integer),
        "-?(0|[1-9][0-9]{0,2})\\.[0-9]{1,4}".prop_map(LiteralValue::Decimal),
        any::<u32>().prop_map(LiteralValue::Days),
        any::<u32>().prop_map(LiteralValue::Seconds),
        date().prop_map(LiteralValue::Date),
        any::<bool>().prop_map(LiteralValue::Boolean),
    ];
    value.prop_map(|value| Literal { value, span: Ignored::default() })
}

fn kind() -> impl Strategy<Value = EntitlementKind> {
    let part = || prop_oneof![3 => name(), 1 => text()];
    (part(), part()).prop_map(|(application, attribute)| EntitlementKind { application, attribute })
}

fn entitlement() -> impl Strategy<Value = EntitlementRef> {
    (kind(), text()).prop_map(|(kind, value)| EntitlementRef { kind, value })
}

fn member() -> impl Strategy<Value = Member> {
    prop_oneof![
        name().prop_map(Member::Set),
        entitlement().prop_map(Member::Entitlement),
        name().prop_map(|name| Member::Role(RoleRef { name, quoted: false })),
        text().prop_map(|name| Member::Role(RoleRef { name, quoted: true })),
    ]
}

fn access() -> impl Strategy<Value = Access> {
    prop_oneof![vec(member(), 1..3).prop_map(Access::Members), condition().prop_map(Access::Where)]
}

fn operator() -> impl Strategy<Value = Operator> {
    use Operator::{AtLeast, AtMost, Equal, Greater, Less, NotEqual};
    prop::sample::select(&[Equal, NotEqual, Less, AtMost, Greater, AtLeast][..])
}

pub(crate) fn condition() -> impl Strategy<Value = Condition> {
    let test = prop_oneof![
        (name(), spanned(operator()), literal()).prop_map(|(attribute, operator, value)| Condition::Compare {
            attribute,
            operator,
            value
        }),
        (name(), any::<bool>(), vec(literal(), 1..4)).prop_map(|(attribute, negated, values)| Condition::In {
            attribute,
            negated,
            values,
            span: Ignored::default()
        }),
        (name(), text()).prop_map(|(attribute, pattern)| Condition::Like { attribute, pattern }),
        (name(), text()).prop_map(|(attribute, value)| Condition::Has { attribute, value }),
        name().prop_map(Condition::Missing),
        name().prop_map(Condition::Flag),
        spanned(any::<u32>()).prop_map(Condition::UnusedFor),
        text().prop_map(Condition::MembersOfRole),
        text().prop_map(Condition::HoldingApplication),
        entitlement().prop_map(Condition::Holding),
    ];
    test.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(|parts| flat(parts, true)),
            vec(inner.clone(), 2..4).prop_map(|parts| flat(parts, false)),
            inner.prop_map(|inner| Condition::Not(Box::new(inner), Ignored::default())),
        ]
    })
}

/// As the parser has it: no conjunction directly inside a conjunction.
fn flat(parts: Vec<Condition>, all: bool) -> Condition {
    let parts = parts.into_iter().flat_map(|part| match part {
        Condition::All(inner) if all => inner,
        Condition::Any(inner) if !all => inner,
        other => vec![other],
    });
    if all { Condition::All(parts.collect()) } else { Condition::Any(parts.collect()) }
}

fn setting() -> impl Strategy<Value = Setting> {
    let part = prop_oneof![
        name().prop_map(SettingPart::Word),
        literal().prop_map(SettingPart::Value),
        Just(SettingPart::Comma(Ignored::default())),
    ];
    (name(), vec(part, 0..4), name(), option::of(text())).prop_map(|(first, mut parts, last, because)| {
        parts.insert(0, SettingPart::Word(first));
        parts.push(SettingPart::Word(last));
        Setting { parts, because, span: Ignored::default() }
    })
}

fn scope_rule() -> impl Strategy<Value = ScopeRule> {
    let action = prop::sample::select(&[ScopeAction::Include, ScopeAction::Exclude][..]);
    let selection =
        (0..3, vec(name(), 0..3), option::of(condition())).prop_map(|(what, classes, condition)| match what {
            0 => Selection::Identities { classes, condition },
            1 => Selection::Entitlements { condition },
            _ => Selection::Assignments { condition },
        });
    (spanned(action), selection, option::of(text())).prop_map(|(action, selection, because)| ScopeRule {
        action,
        selection,
        because,
        span: Ignored::default(),
    })
}

fn mine_statement() -> impl Strategy<Value = MineStatement> {
    prop_oneof![
        vec(kind(), 1..4).prop_map(MineStatement::Minable),
        vec(name(), 1..4).prop_map(MineStatement::GuidedBy),
        vec(name(), 1..4).prop_map(MineStatement::NeverBy),
        spanned(any::<u32>()).prop_map(MineStatement::IgnoreFewerThan),
        literal()
            .prop_filter("a number", |literal| !matches!(
                literal.value,
                LiteralValue::Text(_) | LiteralValue::Boolean(_)
            ))
            .prop_map(MineStatement::IgnoreMoreThan),
        (name(), vec(setting(), 0..3)).prop_map(|(strategy, settings)| {
            MineStatement::ClusterUsing(ClusterUsing { strategy, settings, span: Ignored::default() })
        }),
    ]
}

fn mining() -> impl Strategy<Value = Item> {
    let fields = (name(), option::of(text()), option::of(text()), vec(text(), 0..3), option::of(spanned(any::<u32>())));
    let blocks = (
        (vec(text(), 0..2), option::of(Just(Ignored::default()))),
        option::of(spanned(vec(scope_rule(), 0..4))),
        option::of(spanned(vec(mine_statement(), 0..4))),
        option::of(spanned(vec(setting(), 0..4))),
        option::of((vec(name(), 1..3), vec(setting(), 0..3))),
    );
    (fields, blocks).prop_map(
        |(
            (name, title, owner, cites, review_every),
            ((from_roles, from_every_role), scope, mine, cutoff, describe),
        )| {
            let describe = describe.map(|(by, settings)| Describe { by, settings, span: Ignored::default() });
            Item::Mining(Box::new(Mining {
                name,
                title,
                owner,
                cites,
                review_every,
                from_roles,
                from_every_role,
                scope,
                mine,
                cutoff,
                describe,
                span: Ignored::default(),
            }))
        },
    )
}

fn role() -> impl Strategy<Value = Item> {
    let fields = (name(), option::of(text()), option::of(text()), vec(text(), 0..3));
    (fields, vec(member(), 0..3), vec(name(), 0..3), option::of(condition())).prop_map(
        |((name, title, owner, cites), grants, inherits, condition)| {
            let span = Ignored::default();
            Item::Role(Box::new(Role { name, title, owner, cites, grants, inherits, condition, span }))
        },
    )
}

fn duties() -> impl Strategy<Value = Item> {
    let side = (name(), access()).prop_map(|(name, access)| DutySide { name, access });
    let limit = (spanned(any::<u32>()), vec(name(), 1..4), name(), option::of(name()))
        .prop_map(|(at_most, of, per, within)| DutyLimit { at_most, of, per, within, span: Ignored::default() });
    let fields = (name(), option::of(text()), option::of(text()), vec(text(), 0..2), option::of(name()));
    let limits = (option::of(limit), vec(name(), 0..3));
    (fields, vec(side, 0..3), limits, option::of(spanned(Just(())))).prop_map(
        |((name, title, owner, cites, level), sides, (limit, enforces), never_waived)| {
            let span = Ignored::default();
            Item::Duties(Box::new(Duties {
                name,
                title,
                sides,
                limit,
                enforces,
                owner,
                cites,
                level,
                never_waived,
                span,
            }))
        },
    )
}

fn sensitive() -> impl Strategy<Value = Item> {
    let fields = (name(), option::of(text()), option::of(text()), option::of(text()), vec(text(), 0..2));
    (fields, vec(access(), 0..3)).prop_map(|((name, title, owner, mitigated, cites), access)| {
        let span = Ignored::default();
        Item::Sensitive(Box::new(Sensitive { name, title, access, owner, mitigated, cites, span }))
    })
}

fn governance() -> impl Strategy<Value = Item> {
    let role = (name(), any::<bool>()).prop_map(|(name, quoted)| RoleRef { name, quoted });
    let control = prop::sample::select(Control::WORDS.map(|(_, control)| control).to_vec());
    let controls = vec((spanned(control), access()), 0..3);
    (name(), option::of(text()), vec(role, 0..3), controls, vec(text(), 0..2)).prop_map(
        |(name, title, of, controls, cites)| {
            let span = Ignored::default();
            Item::Governance(Box::new(Governance { name, title, of, controls, cites, span }))
        },
    )
}

fn waiver() -> impl Strategy<Value = Item> {
    let subject = prop_oneof![
        (name(), name()).prop_map(|(kind, name)| WaiverSubject { kind, name, quoted: false }),
        (name(), text()).prop_map(|(kind, name)| WaiverSubject { kind, name, quoted: true }),
    ];
    let approved = (text(), option::of(spanned(date()))).prop_map(|(by, on)| WaiverApproval { by, on });
    let people = (option::of(text()), option::of(text()), option::of(text()), option::of(approved));
    (name(), option::of(name()), vec(subject, 0..3), people, option::of(spanned(date()))).prop_map(
        |(id, rule, on, (because, owner, requested, approved), expires)| {
            let span = Ignored::default();
            Item::Waiver(Box::new(Waiver { id, rule, on, because, owner, requested, approved, expires, span }))
        },
    )
}

fn provision() -> impl Strategy<Value = Item> {
    let approval = (spanned(any::<u32>()), vec(text(), 1..3)).prop_map(|(needed, of)| Approval {
        needed,
        of,
        span: Ignored::default(),
    });
    let lost = prop_oneof![
        Just(WhenLost::Keep),
        Just(WhenLost::Remove),
        any::<u32>().prop_map(WhenLost::RemoveAfter),
        text().prop_map(WhenLost::Notify),
    ];
    let secondary = prop_oneof![Just(SecondaryFate::Remove), date().prop_map(SecondaryFate::KeepUntil)];
    let fates = (option::of(spanned(lost)), option::of(spanned(secondary)));
    (name(), option::of(text()), option::of(approval), fates, vec(name(), 0..3)).prop_map(
        |(name, requested, approval, (when_lost, secondary), emit)| {
            let span = Ignored::default();
            Item::Provision(Box::new(Provision { name, requested, approval, when_lost, emit, secondary, span }))
        },
    )
}

fn expect() -> impl Strategy<Value = Item> {
    let outcome = (any::<bool>(), entitlement())
        .prop_map(|(some, it)| if some { Outcome::SomeRoleGrants(it) } else { Outcome::NoRoleGrants(it) });
    (text(), vec((name(), literal()), 0..3), vec(outcome, 0..3)).prop_map(|(title, given, then)| {
        Item::Expect(Box::new(Expect { title, given, then, span: Ignored::default() }))
    })
}

fn item() -> impl Strategy<Value = Item> {
    let span = Ignored::default;
    let class = (name(), condition()).prop_map(|(name, condition)| IdentityClass { name, condition });
    let from = prop_oneof![Just(SeparateFrom::Everything), vec(name(), 1..3).prop_map(SeparateFrom::Classes)];
    let apart = prop_oneof![
        vec(name(), 1..3).prop_map(ApartBy::Attributes),
        (condition(), condition()).prop_map(|both| ApartBy::Conditions(Box::new(both))),
    ];
    let listed = vec(entitlement().prop_map(Member::Entitlement), 1..4);
    let set = prop_oneof![listed.prop_map(Access::Members), condition().prop_map(Access::Where)];
    prop_oneof![
        text().prop_map(move |path| Item::Use(Use { path, span: span() })),
        (text(), option::of(kind())).prop_map(move |(name, target)| Item::UsePack(UsePack {
            name,
            target,
            span: span()
        })),
        vec(class, 0..4).prop_map(move |classes| Item::Identities(Identities { classes, span: span() })),
        (name(), from).prop_map(move |(class, from)| Item::Separate(Separate { class, from, span: span() })),
        (name(), set).prop_map(move |(name, access)| Item::Set(Set { name, access, span: span() })),
        (name(), option::of(text()), access()).prop_map(move |(name, title, access)| Item::Activity(Activity {
            name,
            title,
            access,
            span: span()
        })),
        mining(),
        role(),
        duties(),
        sensitive(),
        governance(),
        apart.prop_map(move |by| Item::Apart(Apart { by, span: span() })),
        waiver(),
        provision(),
        expect(),
    ]
}

/// A file of a few items.
pub(crate) fn file() -> impl Strategy<Value = File> {
    vec(item(), 0..5).prop_map(|items| File {
        edition: Some(Spanned::new(adit_grammar::EDITION, Span::default())),
        items,
        comments: Vec::new(),
    })
}

//! Entitlements, sets and roles, as statements of several blocks list or describe them.

use super::{
    Rule,
    reader::{Pair, Reader, Sentence},
};
use crate::ast::{Access, EntitlementRef, Member, RoleRef};

impl<'t> Reader<'t> {
    /// The access that a statement lists or describes.
    pub(super) fn access(&mut self, sentence: &Sentence<'t>) -> Option<Access> {
        if let Some(selection) = sentence.part(Rule::selection) {
            let condition = selection.into_inner().find(|part| part.as_rule() == Rule::condition)?;
            return self.condition(condition).map(Access::Where);
        }
        let lists = [Rule::member_list, Rule::members, Rule::entitlements];
        let list = sentence.parts().find(|part| lists.contains(&part.as_rule()))?;
        Some(Access::Members(match list.as_rule() {
            Rule::entitlements => self.entitlements(list).into_iter().map(Member::Entitlement).collect(),
            _ => self.members(list),
        }))
    }

    pub(super) fn members(&mut self, list: Pair<'t>) -> Vec<Member> {
        list.into_inner()
            .filter(|part| part.as_rule() == Rule::member)
            .filter_map(|member| {
                let inner = member.into_inner().next()?;
                match inner.as_rule() {
                    Rule::entitlement => self.entitlement(inner).map(Member::Entitlement),
                    Rule::role_ref => self.role_ref(inner).map(Member::Role),
                    _ => Some(Member::Set(self.name(&inner))),
                }
            })
            .collect()
    }

    pub(super) fn role_ref(&mut self, pair: Pair<'t>) -> Option<RoleRef> {
        let name = pair.into_inner().find(|part| matches!(part.as_rule(), Rule::text | Rule::name))?;
        let quoted = name.as_rule() == Rule::text;
        Some(RoleRef { name: if quoted { self.text(&name) } else { self.name(&name) }, quoted })
    }

    /// The entitlements below `list`, one level down.
    pub(super) fn entitlements(&mut self, list: Pair<'t>) -> Vec<EntitlementRef> {
        list.into_inner()
            .filter(|part| part.as_rule() == Rule::entitlement)
            .filter_map(|entitlement| self.entitlement(entitlement))
            .collect()
    }

    /// The entitlements a statement lists.
    pub(super) fn entitlements_of(&mut self, sentence: &Sentence<'t>) -> Vec<EntitlementRef> {
        sentence.head.clone().map(|head| self.entitlements(head)).unwrap_or_default()
    }
}

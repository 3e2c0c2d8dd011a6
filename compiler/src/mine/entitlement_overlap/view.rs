//! What one class sees of the others: who shares enough with it, as sets of its own entitlements.
//!
//! Who shares k of n entitlements has one of the n - k + 1 rarest of them (Chaudhuri, Ganti, Kaushik, ICDE 2006), so only holders of those
//! are looked at, and of them those only who have enough that is no rarer than the first that is shared (Xiao, Wang, Lin, Yu, PPJoin, WWW 2008).

use super::{
    holders::{Class, Holders},
    marks::Marks,
};
use crate::mine::bits::BitTable;

/// Earlier classes that share the same with the last one, and so are in the same groups of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Peers {
    /// Ascending.
    pub(super) classes: Vec<u32>,
    /// How many identities they are.
    pub(super) identities: usize,
}

/// The others, as the last class of a group sees them.
#[derive(Debug)]
pub(super) struct View {
    /// Which of the entitlements of the last class they have: the peers, and after them the rivals, later classes that may not be in the
    /// groups looked for, but make a group a part of another where they could.
    pub(super) shared: BitTable,
    /// How much each must share with a group that it is to join.
    pub(super) needs: Vec<usize>,
    /// Those that may join.
    pub(super) peers: Vec<Peers>,
    /// How many entitlements of others were looked at.
    pub(super) looks: usize,
}

impl View {
    /// What the class in this place sees.
    pub(super) fn new(holders: &Holders, last: usize, class: &Class, marks: &mut Marks) -> Self {
        marks.look(class);
        let rarest = class.counted.iter().take((class.counted.len() + 1).saturating_sub(class.need));
        let (mut seen, mut looks) = (Vec::new(), 0);
        let holding = rarest.flat_map(|&rank| holders.holding(rank));
        for other in holding.filter(|holding| holding.left >= class.need).map(|holding| holding.class) {
            looks += 1;
            let Some(found) = holders.classes.get(other as usize).filter(|_| other as usize != last) else { continue };
            if !marks.meet(other) {
                continue;
            }
            let is_rival = other as usize > last;
            let need = if is_rival { found.need } else { class.need };
            looks += found.counted.len();
            if marks.common(found) >= need {
                let mut shared = vec![0; class.counted.len().div_ceil(64)];
                marks.share(found, &mut shared);
                seen.push(Seen { is_rival, shared, need, class: other });
            }
        }
        seen.sort_unstable();
        // A rival that must share more than another who shares the same is no rival.
        seen.dedup_by(|later, first| later.is_rival && first.is_rival && later.shared == first.shared);
        Self::of(seen, class, holders, looks)
    }

    fn of(seen: Vec<Seen>, class: &Class, holders: &Holders, looks: usize) -> Self {
        let mut shared = BitTable::new(seen.len(), class.counted.len());
        let (mut needs, mut peers) = (Vec::new(), Vec::<Peers>::new());
        let mut before: Option<Vec<u64>> = None;
        for one in seen {
            if one.is_rival || before.as_ref() != Some(&one.shared) {
                shared.row_mut(needs.len()).copy_from_slice(&one.shared);
                needs.push(one.need);
                if !one.is_rival {
                    peers.push(Peers::default());
                }
                before = Some(one.shared);
            }
            if let (false, Some(peers)) = (one.is_rival, peers.last_mut()) {
                peers.classes.push(one.class);
                peers.identities += holders.classes.get(one.class as usize).map_or(0, |class| class.members.len());
            }
        }
        Self { shared, needs, peers, looks }
    }
}

/// Another class; those that may join first, equal shares beside each other.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Seen {
    is_rival: bool,
    shared: Vec<u64>,
    need: usize,
    class: u32,
}

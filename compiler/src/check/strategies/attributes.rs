//! `attributes { members at least 5 }`

use super::{Offered, known};
use crate::{
    check::{
        context::Faults,
        settings::{Known, Read},
    },
    spec::{Attributes, Strategy},
};

pub(super) const OFFERED: Offered = Offered { name: "attributes", settings: SETTINGS, make };

const SETTINGS: &[Known] = &[known("members", &["members at least COUNT"], "members at least 5")];

fn make(read: &[Read<'_>], faults: &mut Faults) -> Option<Strategy> {
    let mut attributes = Attributes::default();
    for setting in read {
        attributes.min_members = setting.count(0, faults)?;
    }
    Some(Strategy::Attributes(attributes))
}

//! `cover { exact; search at most 2000000 nodes }`

use super::{Offered, known};
use crate::{
    check::{
        context::Faults,
        settings::{Known, Read},
    },
    spec::{Cover, Strategy},
};

pub(super) const OFFERED: Offered = Offered { name: "cover", settings: SETTINGS, make: Some(make) };

const SETTINGS: &[Known] = &[
    known("exact", &["exact"], "exact"),
    known("search", &["search at most COUNT nodes"], "search at most 1000000 nodes"),
    Known { name: "deviation", forms: &["deviation at most PERCENT"], example: "deviation at most 1%", built: false },
];

fn make(read: &[Read<'_>], faults: &mut Faults) -> Option<Strategy> {
    let mut cover = Cover::default();
    for setting in read {
        match setting.name {
            "search" => cover.max_nodes = setting.count(0, faults)?.into(),
            "deviation" => {
                setting.percent(0, faults)?;
                return None;
            }
            _ => {}
        }
    }
    Some(Strategy::Cover(cover))
}

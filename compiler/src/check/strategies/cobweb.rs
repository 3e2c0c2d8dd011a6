//! `cobweb { acuity 1 identities; cutoff 0.2%; seed 7; detail 1 }`

use super::{DETAIL, Offered, SEED, detail, known, seed};
use crate::{
    check::{
        context::Faults,
        settings::{Known, Read},
    },
    spec::{Cobweb, Strategy},
};

pub(super) const OFFERED: Offered = Offered { name: "cobweb", settings: SETTINGS, make };

const SETTINGS: &[Known] = &[
    known("acuity", &["acuity NUMBER identities"], "acuity 2 identities"),
    known("cutoff", &["cutoff PERCENT"], "cutoff 0.2%"),
    SEED,
    DETAIL,
];

fn make(read: &[Read<'_>], faults: &mut Faults) -> Option<Strategy> {
    let mut cobweb = Cobweb::default();
    for setting in read {
        match setting.name {
            "acuity" => {
                let acuity = setting.number(0, 0..=1_000_000, faults).and_then(|number| u64::try_from(number).ok());
                cobweb.acuity = acuity.unwrap_or(cobweb.acuity);
            }
            "cutoff" => cobweb.cutoff = setting.percent(0, faults).unwrap_or(cobweb.cutoff),
            "seed" => cobweb.seed = seed(setting, faults).unwrap_or(cobweb.seed),
            "detail" => cobweb.detail = detail(setting, faults).unwrap_or(cobweb.detail),
            _ => {}
        }
    }
    Some(Strategy::Cobweb(cobweb))
}

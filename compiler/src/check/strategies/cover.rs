//! `cover { exact; search at most 2000000 nodes }`, `cover { deviation at most 1%; over-grant at most 0.5% }`

use adit_grammar::Diagnostic;

use super::{Offered, known};
use crate::{
    check::{
        codes,
        context::Faults,
        settings::{Known, Read},
    },
    spec::{Cover, Deviation, Percent, Strategy},
};

pub(super) const OFFERED: Offered = Offered { name: "cover", settings: SETTINGS, make };

const SETTINGS: &[Known] = &[
    known("exact", &["exact"], "exact"),
    known("search", &["search at most COUNT nodes"], "search at most 1000000 nodes"),
    known("deviation", &["deviation at most PERCENT"], "deviation at most 1%"),
    known("over-grant", &["over-grant none", "over-grant at most PERCENT"], "over-grant at most 0.5%"),
];

fn make(read: &[Read<'_>], faults: &mut Faults) -> Option<Strategy> {
    let mut cover = Cover::default();
    let mut deviation = Deviation { under_grants: Percent(0), over_grants: Percent(0) };
    let exact = read.iter().find(|setting| setting.name == "exact");
    for setting in read {
        match setting.name {
            "search" => cover.max_nodes = setting.count(0, faults)?.into(),
            "deviation" => deviation.under_grants = setting.percent(1, faults)?,
            "over-grant" if setting.values() > 0 => deviation.over_grants = setting.percent(1, faults)?,
            _ => {}
        }
        if let Some(exact) =
            exact.filter(|_| matches!(setting.name, "deviation" | "over-grant") && !setting.has_word("none"))
        {
            let message = format!("`exact` leaves no room for `{}`", setting.name);
            faults.push(
                Diagnostic::error(codes::SETTING_FORM, message, *setting.setting.span, "departs from what is held")
                    .label(*exact.setting.span, "departs from nothing")
                    .help("leave one of the two out"),
            );
            return None;
        }
    }
    let exactly = deviation.under_grants == Percent(0) && deviation.over_grants == Percent(0);
    cover.deviation = (!exactly).then_some(deviation);
    Some(Strategy::Cover(cover))
}

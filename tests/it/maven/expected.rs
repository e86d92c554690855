//! What the files must come to: of the public ones as it was counted in them, of the made-up ones as it follows from the
//! deals before they were written.

use super::company::{self, ACCOUNTS, Deal, PRODUCTS, REPS, Stage};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

pub type Figures = Vec<(String, i64)>;

pub struct Expected {
    pub tables: Vec<(&'static str, usize)>,
    pub statuses: Figures,
    /// Open deals by stage.
    pub stages: Figures,
    pub without_account: i64,
    /// In minor units, by status.
    pub values: Figures,
    /// Won, in minor units, by office.
    pub offices: Figures,
    /// Won, in units, by month.
    pub months: Figures,
    /// From first to last day, all won deals together.
    pub won_days: i64,
    pub idle_reps: i64,
    /// Id, name and team.
    pub rep: [&'static str; 3],
    /// Name, country, region and segment.
    pub account: [&'static str; 4],
    pub technology: usize,
    pub segments: Figures,
    /// The product that deals have another name for: its list price in minor units, and its deals.
    pub gtx_pro: (i64, i64),
    /// Orders by kind. As many are new as there are customers.
    pub kinds: Figures,
}

fn figures<const N: usize>(figures: [(&str, i64); N]) -> Figures {
    figures.map(|(name, figure)| (name.to_owned(), figure)).into()
}

/// What was counted in the public files.
pub fn public() -> Expected {
    Expected {
        tables: vec![
            ("teams", 9),
            ("reps", 35),
            ("accounts", 85),
            ("products", 7),
            ("stages", 2),
            ("opportunities", 8800),
            ("opportunity_stages", 8800),
            ("orders", 4238),
            ("customer_tenures", 85),
        ],
        statuses: figures([("lost", 2473), ("open", 2089), ("won", 4238)]),
        stages: figures([("engaging", 1589), ("prospecting", 500)]),
        without_account: 1425,
        values: figures([("lost", 0), ("won", 1_000_553_400)]),
        offices: figures([("Central", 334_629_300), ("East", 309_059_400), ("West", 356_864_700)]),
        months: figures([
            ("2017-03", 1_134_672),
            ("2017-04", 721_932),
            ("2017-05", 1_025_713),
            ("2017-06", 1_338_466),
            ("2017-07", 696_932),
            ("2017-08", 1_050_059),
            ("2017-09", 1_235_264),
            ("2017-10", 731_980),
            ("2017-11", 938_943),
            ("2017-12", 1_131_573),
        ]),
        won_days: 219_452,
        idle_reps: 5,
        rep: ["darcel-schlecht", "Darcel Schlecht", "melvin-marxen"],
        account: ["Bioholding", "Philippines", "Asia", "medium"],
        technology: 12,
        segments: figures([("enterprise", 27), ("medium", 40), ("small", 18)]),
        gtx_pro: (482_100, 1480),
        kinds: figures([("cross_sell", 522 - 85), ("new", 85), ("repeat", 4238 - 522)]),
    }
}

/// What follows from the made-up deals.
pub fn made_up(deals: &[Deal]) -> Expected {
    let count = |of: &dyn Fn(&Deal) -> bool| deals.iter().filter(|deal| of(deal)).count() as i64;
    let won: Vec<_> = deals.iter().filter(|deal| deal.stage == Stage::Won).collect();
    let kinds = kinds(&won);
    let customers = kinds.iter().find(|(kind, _)| kind == "new").expect("customers").1;
    let teams = REPS.iter().flat_map(|(_, manager, office)| [manager, office]).collect::<BTreeSet<_>>().len();
    let with_deals = deals.iter().map(|deal| deal.rep).collect::<BTreeSet<_>>().len();
    let value = |deal: &&Deal| deal.value.expect("a value");
    Expected {
        tables: vec![
            ("teams", teams),
            ("reps", REPS.len()),
            ("accounts", ACCOUNTS.len()),
            ("products", PRODUCTS.len()),
            ("stages", 2),
            ("opportunities", deals.len()),
            ("opportunity_stages", deals.len()),
            ("orders", won.len()),
            ("customer_tenures", customers as usize),
        ],
        statuses: figures([
            ("lost", count(&|deal| deal.stage == Stage::Lost)),
            ("open", count(&|deal| matches!(deal.stage, Stage::Prospecting | Stage::Engaging))),
            ("won", won.len() as i64),
        ]),
        stages: figures([
            ("engaging", count(&|deal| deal.stage == Stage::Engaging)),
            ("prospecting", count(&|deal| deal.stage == Stage::Prospecting)),
        ]),
        without_account: count(&|deal| deal.account.is_none()),
        values: figures([("lost", 0), ("won", won.iter().map(value).sum::<i64>() * 100)]),
        offices: sums(won.iter().map(|deal| (REPS[deal.rep].2.to_owned(), value(deal) * 100))),
        months: sums(won.iter().map(|deal| (deal.closed_on.expect("a day").to_string()[..7].to_owned(), value(deal)))),
        won_days: won.iter().map(|deal| (deal.closed_on.unwrap() - deal.engaged_on.unwrap()).num_days()).sum(),
        idle_reps: (REPS.len() - with_deals) as i64,
        rep: ["cleo-o-hara", "Cleo O'Hara", "ines-falk"],
        account: ["Cobalt-Works", "Philippines", "Asia", "medium"],
        technology: ACCOUNTS.iter().filter(|account| account.1 == "technology").count(),
        segments: figures([("enterprise", 4), ("medium", 7), ("small", 5)]),
        gtx_pro: (PRODUCTS[0].2 * 100, count(&|deal| deal.product == 0)),
        kinds,
    }
}

fn sums(of: impl Iterator<Item = (String, i64)>) -> Figures {
    let mut sums = BTreeMap::new();
    for (name, figure) in of {
        *sums.entry(name).or_insert(0) += figure;
    }
    sums.into_iter().collect()
}

/// An account's first order is new; one of a product that it has bought before a repeat; any other a cross-sell.
fn kinds(won: &[&Deal]) -> Figures {
    let mut won = won.to_vec();
    won.sort_by(|one, next| (one.closed_on, &one.id).cmp(&(next.closed_on, &next.id)));
    let mut bought: HashMap<_, HashSet<_>> = HashMap::new();
    let kinds = won.iter().map(|deal| {
        let before = bought.entry(deal.account).or_default();
        let first = before.is_empty();
        let kind = match before.insert(deal.product) {
            false => "repeat",
            true if first => "new",
            true => "cross_sell",
        };
        (kind.to_owned(), 1)
    });
    sums(kinds)
}

/// The made-up deals have everything that the public ones have.
#[test]
fn the_made_up_files_have_all_the_dirt() {
    let deals = company::deals();
    let expected = made_up(&deals);
    assert_eq!(expected.months.len(), 10);
    assert_eq!(expected.offices.len(), 3);
    assert_eq!(expected.kinds.len(), 3);
    assert_eq!(expected.idle_reps, 2);
    assert!(expected.without_account > 50 && expected.gtx_pro.1 > 50);
    assert!(deals.iter().any(|deal| deal.engaged_on == deal.closed_on && deal.closed_on.is_some()));
    assert!(ACCOUNTS.iter().filter(|account| account.2 == "Philippines").count() > 1);
}

//! A made-up company, written as the five files of the public data set "CRM Sales Opportunities" with the same dirt: line
//! ends of Windows, misspelt words, a product under two names, deals without an account, a first day, a last day or a value,
//! reps without deals.

use chrono::{Days, NaiveDate};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::fmt::Write;
use std::path::Path;

const SEED: u64 = 2017;
const DEALS: usize = 900;

/// The reps with their managers and offices. The last two never had a deal.
pub const REPS: [(&str, &str, &str); 14] = [
    ("Ada Brook", "Ines Falk", "North"),
    ("Bo-Lin Tran", "Ines Falk", "North"),
    ("Cleo O'Hara", "Ines Falk", "North"),
    ("Dario Pinto", "Jonas Weil", "North"),
    ("Edda Lund", "Jonas Weil", "North"),
    ("Farid Naser", "Kira Maas", "South"),
    ("Greta Holm", "Kira Maas", "South"),
    ("Hugo Prat", "Kira Maas", "South"),
    ("Ivo Stanek", "Lena Obi", "South"),
    ("Jana Vesel", "Mira Sand", "Overseas"),
    ("Karim Aziz", "Mira Sand", "Overseas"),
    ("Lotte Baum", "Mira Sand", "Overseas"),
    ("Milo Quist", "Mira Sand", "Overseas"),
    ("Nora Reiss", "Jonas Weil", "North"),
];
const IDLE: usize = 2;

/// Names, sectors, countries and employees as they are in truth; among the employees are the limits of the segments.
pub const ACCOUNTS: [(&str, &str, &str, u32); 16] = [
    ("Almond & Sons", "retail", "United States", 999),
    ("Birchwood", "technology", "United States", 1000),
    ("Cobalt-Works", "medical", "Philippines", 4999),
    ("drumlin", "technology", "Kenya", 5000),
    ("Elderflower Holding Group", "finance", "Germany", 12),
    ("Fenland", "retail", "Japan", 20_275),
    ("Gorse Hill", "services", "Brazil", 640),
    ("Hazelmere", "technology", "Norway", 2100),
    ("Ironbark", "medical", "Philippines", 3300),
    ("Junipero", "software", "United States", 8800),
    ("Kestrel", "software", "Korea", 150),
    ("Larchfield", "finance", "Italy", 1700),
    ("Mossgrove", "marketing", "Jordan", 4100),
    ("Nettle", "marketing", "United States", 990),
    ("Oakhurst", "employment", "United States", 6100),
    ("Pinewood", "employment", "Panama", 1300),
];
/// The last accounts have never bought anything.
const CUSTOMERS: usize = 14;

/// Names, series and list prices.
pub const PRODUCTS: [(&str, &str, i64); 5] = [
    ("GTX Pro", "GTX", 4990),
    ("Basic", "B", 450),
    ("Basic Plus", "B", 1090),
    ("Max 9", "Max", 25_500),
    ("Tiny", "T", 48),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Prospecting,
    Engaging,
    Won,
    Lost,
}

/// A deal as it is in truth; reps, accounts and products by their places in the lists.
#[derive(Clone, Debug)]
pub struct Deal {
    pub id: String,
    pub rep: usize,
    pub account: Option<usize>,
    pub product: usize,
    pub stage: Stage,
    pub engaged_on: Option<NaiveDate>,
    pub closed_on: Option<NaiveDate>,
    pub value: Option<i64>,
}

/// The same deals every time.
pub fn deals() -> Vec<Deal> {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    (0..DEALS).map(|number| deal(&mut rng, number)).collect()
}

fn deal(rng: &mut ChaCha8Rng, number: usize) -> Deal {
    let stage = match rng.random_range(0..100) {
        0..6 => Stage::Prospecting,
        6..24 => Stage::Engaging,
        24..52 => Stage::Lost,
        _ => Stage::Won,
    };
    let first = NaiveDate::from_ymd_opt(2017, 3, 1).expect("a day");
    let closed_on = first + Days::new(rng.random_range(0..306));
    let engaged_on = closed_on - Days::new(rng.random_range(0..120));
    let product = rng.random_range(0..PRODUCTS.len());
    let value = PRODUCTS[product].2 * rng.random_range(80..120) / 100;
    let closed = matches!(stage, Stage::Won | Stage::Lost);
    // Customers are the first accounts, and two open deals of three have none.
    let accounts = if stage == Stage::Won { CUSTOMERS } else { ACCOUNTS.len() };
    let account = (closed || rng.random_range(0..3) == 0).then(|| rng.random_range(0..accounts));
    let letters: String = (0..4).map(|_| char::from(rng.random_range(b'A'..=b'Z'))).collect();
    Deal {
        id: format!("{letters}{number:04}"),
        rep: rng.random_range(0..REPS.len() - IDLE),
        account,
        product,
        stage,
        engaged_on: (stage != Stage::Prospecting).then_some(engaged_on),
        closed_on: closed.then_some(closed_on),
        value: closed.then_some(if stage == Stage::Won { value } else { 0 }),
    }
}

/// Writes the files.
pub fn write(folder: &Path, deals: &[Deal]) {
    let file =
        |name: &str, text: String| std::fs::write(folder.join(name), text.replace('\n', "\r\n")).expect("a file");
    let mut text = String::from("account,sector,year_established,revenue,employees,office_location,subsidiary_of\n");
    for (place, (name, sector, country, employees)) in ACCOUNTS.iter().enumerate() {
        let sector = sector.replace("technology", "technolgy");
        let country = country.replace("Philippines", "Philipines");
        let parent = if place % 5 == 4 { ACCOUNTS[0].0 } else { "" };
        let year = 1980 + place;
        writeln!(text, "{name},{sector},{year},{employees}.5,{employees},{country},{parent}").expect("text");
    }
    file("accounts.csv", text);
    let mut text = String::from("product,series,sales_price\n");
    for (name, series, price) in PRODUCTS {
        writeln!(text, "{name},{series},{price}").expect("text");
    }
    file("products.csv", text);
    let mut text = String::from("sales_agent,manager,regional_office\n");
    for (name, manager, office) in REPS {
        writeln!(text, "{name},{manager},{office}").expect("text");
    }
    file("sales_teams.csv", text);
    let mut text =
        String::from("opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n");
    for deal in deals {
        let product = PRODUCTS[deal.product].0.replace("GTX Pro", "GTXPro");
        let account = deal.account.map_or("", |account| ACCOUNTS[account].0);
        let day = |day: Option<NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
        let (engaged_on, closed_on) = (day(deal.engaged_on), day(deal.closed_on));
        let value = deal.value.map_or_else(String::new, |value| value.to_string());
        let (id, rep, stage) = (&deal.id, REPS[deal.rep].0, deal.stage);
        writeln!(text, "{id},{rep},{product},{account},{stage:?},{engaged_on},{closed_on},{value}").expect("text");
    }
    file("sales_pipeline.csv", text);
    file("data_dictionary.csv", "Table,Field,Description\nproducts,series,\"A \"\"family\"\", or series\"\n".into());
}

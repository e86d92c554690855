//! What the demo company sells, where, and what it calls things.

use crm_kpi_crm::sources::Kind::{self, Marketing, Sales};

/// A part of the world with sales teams.
pub(crate) struct Region {
    pub name: &'static str,
    /// When work begins, hour UTC.
    pub opening_hour: i64,
    pub territories: &'static [Territory],
}

/// What a team covers.
pub(crate) struct Territory {
    pub name: &'static str,
    pub countries: &'static [&'static str],
}

const fn territory(name: &'static str, countries: &'static [&'static str]) -> Territory {
    Territory { name, countries }
}

pub(crate) const REGIONS: [Region; 3] = [
    Region {
        name: "Americas",
        opening_hour: 13,
        territories: &[
            territory("US East", &["United States"]),
            territory("US West", &["United States"]),
            territory("Canada", &["Canada"]),
            territory("US Central", &["United States"]),
            territory("Mexico", &["Mexico"]),
            territory("Brazil", &["Brazil"]),
            territory("Southern Cone", &["Argentina", "Chile", "Uruguay"]),
        ],
    },
    Region {
        name: "EMEA",
        opening_hour: 7,
        territories: &[
            territory("DACH", &["Germany", "Germany", "Austria", "Switzerland"]),
            territory("UK and Ireland", &["United Kingdom", "United Kingdom", "Ireland"]),
            territory("Nordics", &["Sweden", "Norway", "Denmark", "Finland"]),
            territory("France", &["France"]),
            territory("Benelux", &["Netherlands", "Belgium", "Luxembourg"]),
            territory("Southern Europe", &["Italy", "Spain", "Portugal"]),
            territory("Middle East", &["United Arab Emirates", "Turkey", "Oman"]),
        ],
    },
    Region {
        name: "APAC",
        opening_hour: 0,
        territories: &[
            territory("Japan and Korea", &["Japan", "Japan", "South Korea"]),
            territory("Australia and New Zealand", &["Australia", "New Zealand"]),
            territory("Southeast Asia", &["Singapore", "Malaysia", "Vietnam", "Indonesia"]),
            territory("India", &["India"]),
        ],
    },
];

/// Regions of the teams, over and over: places in [`REGIONS`].
pub(crate) const TEAM_REGIONS: [usize; 7] = [0, 1, 0, 1, 2, 0, 1];

/// Sizes of customers.
pub(crate) const SEGMENTS: [&str; 3] = ["smb", "mid_market", "enterprise"];

/// A product; the weights say how often a segment buys it.
pub(crate) struct Product {
    pub name: &'static str,
    pub family: &'static str,
    /// USD; a year's price for what recurs.
    pub list_price: i64,
    pub recurring: bool,
    pub weights: [u32; 3],
}

const fn product(
    name: &'static str,
    family: &'static str,
    list_price: i64,
    recurring: bool,
    weights: [u32; 3],
) -> Product {
    Product { name, family, list_price, recurring, weights }
}

pub(crate) const PRODUCTS: [Product; 12] = [
    product("Ledger Start", "Ledger", 1_200, true, [26, 3, 0]),
    product("Ledger Team", "Ledger", 4_800, true, [10, 24, 4]),
    product("Ledger Enterprise", "Ledger", 24_000, true, [0, 4, 28]),
    product("Insight", "Insight", 2_400, true, [12, 12, 2]),
    product("Insight Pro", "Insight", 9_600, true, [1, 12, 16]),
    product("Connect", "Connect", 1_800, true, [10, 8, 1]),
    product("Connect Plus", "Connect", 7_200, true, [0, 8, 14]),
    product("Terminal T2", "Terminal", 900, false, [20, 6, 0]),
    product("Terminal T5", "Terminal", 1_900, false, [8, 12, 8]),
    product("Onboarding", "Services", 3_000, false, [8, 6, 4]),
    product("Migration", "Services", 15_000, false, [0, 8, 12]),
    product("Training Days", "Services", 1_500, false, [6, 6, 8]),
];

/// Where business comes from; the weight says how often, the chance how good it is against the average in per mille.
pub(crate) struct Source {
    pub name: &'static str,
    pub kind: Kind,
    pub weight: u32,
    pub chance: i64,
}

const fn source(name: &'static str, kind: Kind, weight: u32, chance: i64) -> Source {
    Source { name, kind, weight, chance }
}

pub(crate) const SOURCES: [Source; 9] = [
    source("Website", Marketing, 24, 1050),
    source("Webinar", Marketing, 10, 950),
    source("Trade fair", Marketing, 9, 900),
    source("Email campaign", Marketing, 12, 800),
    source("Search ads", Marketing, 11, 850),
    source("Referral", Sales, 10, 1500),
    source("Partner", Sales, 9, 1250),
    source("Cold call", Sales, 15, 700),
    source("Account management", Sales, 0, 1300),
];

/// The places of some of the sources.
pub(crate) const WEBINAR: usize = 1;
pub(crate) const REFERRAL: usize = 5;
/// Of business with existing customers.
pub(crate) const ACCOUNT_MANAGEMENT: usize = 8;

/// A step of the pipeline.
pub(crate) struct Stage {
    pub probability_bp: i32,
    pub expected_days: i32,
    /// Its usual share of a deal's time.
    pub time: i64,
    /// Its share of the deals that are lost.
    pub losses: u32,
}

pub(crate) const STAGES: [Stage; 4] = [
    Stage { probability_bp: 1_000, expected_days: 21, time: 20, losses: 22 },
    Stage { probability_bp: 2_500, expected_days: 35, time: 30, losses: 33 },
    Stage { probability_bp: 5_000, expected_days: 30, time: 28, losses: 28 },
    Stage { probability_bp: 7_500, expected_days: 25, time: 22, losses: 17 },
];

/// The pipelines, with the names of their stages: they are as STAGES says.
pub(crate) const PIPELINES: [(&str, [&str; 4]); 2] = [
    ("New business", ["Prospecting", "Qualification", "Proposal", "Negotiation"]),
    ("Customers", ["Need", "Assessment", "Offer", "Agreement"]),
];

/// The place of the stage in which proposals are sent.
pub(crate) const PROPOSAL: usize = 2;

/// Why deals are lost, with weights by segment.
pub(crate) const LOSS_REASONS: [(&str, [u32; 3]); 6] = [
    ("price", [30, 22, 14]),
    ("competitor", [14, 24, 27]),
    ("no_budget", [24, 15, 9]),
    ("timing", [12, 13, 13]),
    ("no_decision", [14, 15, 22]),
    ("missing_feature", [6, 11, 15]),
];

/// Why customers leave.
pub(crate) const END_REASONS: [(&str, u32); 6] =
    [("price", 28), ("product_fit", 22), ("support", 17), ("competitor", 18), ("merged", 6), ("bankrupt", 9)];

/// Industries with the words that names of their companies end in.
pub(crate) const INDUSTRIES: [(&str, [&str; 4]); 10] = [
    ("manufacturing", ["Works", "Industries", "Tools", "Castings"]),
    ("retail", ["Stores", "Market", "Trading", "Outfitters"]),
    ("healthcare", ["Clinics", "Health", "Medical", "Care"]),
    ("finance", ["Capital", "Savings", "Insurance", "Trust"]),
    ("logistics", ["Logistics", "Freight", "Shipping", "Haulage"]),
    ("software", ["Software", "Systems", "Labs", "Cloud"]),
    ("education", ["College", "Academy", "Learning", "Schools"]),
    ("construction", ["Construction", "Builders", "Homes", "Engineering"]),
    ("hospitality", ["Hotels", "Resorts", "Catering", "Travel"]),
    ("energy", ["Energy", "Power", "Solar", "Utilities"]),
];

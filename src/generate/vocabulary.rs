//! What things are called.

use crate::crm::sources::Kind::{self, Marketing, Sales};

pub const CURRENCY: &str = "USD";

/// Each with the least and the most that its deals are worth, in dollars.
pub const SEGMENTS: [(&str, i64, i64); 4] = [
    ("enterprise", 20_000, 250_000),
    ("mid_market", 5_000, 60_000),
    ("smb", 500, 9_000),
    ("public_sector", 8_000, 90_000),
];

/// How likely an account is of a segment.
pub const SEGMENT_WEIGHTS: [u64; 4] = [12, 30, 50, 8];

pub const REGIONS: [(&str, &[&str]); 4] = [
    ("North America", &["United States", "United States", "United States", "Canada"]),
    ("Latin America", &["Brazil", "Mexico", "Argentina", "Chile"]),
    ("EMEA", &["Germany", "United Kingdom", "France", "Italy", "Spain", "Netherlands", "Sweden", "Turkey"]),
    ("APAC", &["Japan", "India", "Australia", "Singapore", "South Korea"]),
];

pub const INDUSTRIES: [&str; 10] = [
    "Software",
    "Manufacturing",
    "Retail",
    "Healthcare",
    "Finance",
    "Energy",
    "Logistics",
    "Education",
    "Telecommunications",
    "Food",
];

/// Each with who brings it.
pub const SOURCES: [(&str, Kind); 10] = [
    ("Website", Marketing),
    ("Trade fair", Marketing),
    ("Webinar", Marketing),
    ("Search advertising", Marketing),
    ("Newsletter", Marketing),
    ("Cold call", Sales),
    ("Referral", Sales),
    ("Partner", Sales),
    ("Social network", Sales),
    ("Existing customer", Sales),
];

pub const FAMILIES: [&str; 5] = ["Ledger", "Insight", "Connect", "Terminal", "Care"];

pub const EDITIONS: [&str; 4] = ["Start", "Team", "Business", "Enterprise"];

/// Each with its probability in basis points and the days that a deal is expected to stay at most.
pub const STAGES: [(&str, i32, i32); 6] = [
    ("Prospecting", 500, 30),
    ("Qualification", 1_500, 30),
    ("Needs analysis", 3_000, 45),
    ("Proposal", 5_000, 45),
    ("Negotiation", 7_500, 30),
    ("Closing", 9_000, 21),
];

/// The place of the stage in which proposals are sent.
pub const PROPOSAL: usize = 3;

pub const LOSS_REASONS: [&str; 6] = ["price", "competitor", "no_budget", "timing", "no_decision", "missing_feature"];

pub const END_REASONS: [&str; 5] = ["price", "competitor", "out_of_business", "poor_service", "not_needed"];

pub const CHANNELS: [&str; 6] = ["email", "search", "social", "event", "partner", "direct_mail"];

pub const SERVICE_CHANNELS: [&str; 4] = ["phone", "email", "chat", "web"];

pub const NETWORKS: [&str; 3] = ["linkedin", "x", "xing"];

pub const LISTS: [&str; 3] = ["newsletter", "product_news", "events"];

pub const FIRST_NAMES: [&str; 16] = [
    "Alice", "Bruno", "Chen", "Daria", "Emil", "Fatima", "Grace", "Hugo", "Ines", "Jonas", "Kavya", "Liam", "Maya",
    "Noah", "Olga", "Pedro",
];

pub const LAST_NAMES: [&str; 16] = [
    "Adams", "Becker", "Costa", "Dubois", "Evans", "Fischer", "Garcia", "Haddad", "Ito", "Jensen", "Kim", "Lopez",
    "Moreau", "Novak", "Okafor", "Patel",
];

pub const COMPANY_NAMES: [&str; 16] = [
    "Alder", "Basalt", "Cobalt", "Delta", "Ember", "Fjord", "Granite", "Harbor", "Indigo", "Juniper", "Krypton",
    "Lumen", "Meridian", "Nimbus", "Onyx", "Pioneer",
];

/// A table that rows can be loaded into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Table {
    Teams,
    Reps,
    Accounts,
    Sources,
    Products,
    Stages,
    Opportunities,
    OpportunityStages,
    Proposals,
    Orders,
    CustomerTenures,
    Targets,
    ExchangeRates,
}

/// A field of a table, as a mapping names it.
#[derive(Debug)]
pub struct Field {
    /// What the mapping calls it.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// A row must have it, and so must a mapping.
    pub required: bool,
}

/// What a field holds, and so how a cell's text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// An ISO 4217 code.
    Currency,
    /// A point in time.
    Instant,
    /// A calendar day.
    Day,
    /// A decimal number.
    Decimal,
    /// A decimal number above 0.
    Positive,
    /// The id of a KPI of the catalogue.
    Kpi,
    /// A decimal amount, kept in minor units of the row's currency.
    Money,
    /// A decimal percentage, kept in basis points.
    Percent,
    /// A whole number from the given one on.
    Whole(i64),
    /// Yes or no.
    Flag,
    /// One of these words.
    Word(&'static [&'static str]),
}

const fn need(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: true }
}

const fn may(name: &'static str, kind: Kind) -> Field {
    Field { name, kind, required: false }
}

const ID: Field = need("id", Kind::Text);
const NAME: Field = need("name", Kind::Text);
const REP: Field = may("rep_id", Kind::Text);
const ACCOUNT: Field = may("account_id", Kind::Text);
const PRODUCT: Field = may("product_id", Kind::Text);
const SOURCE: Field = may("source_id", Kind::Text);
const CURRENCY: Field = may("currency", Kind::Currency);
const NUMBER: Field = may("number", Kind::Whole(1));
const OPPORTUNITY: Field = need("opportunity_id", Kind::Text);

const STATUSES: &[&str] = &["open", "won", "lost"];
const OUTCOMES: &[&str] = &["advanced", "returned", "won", "lost"];
const ORDER_KINDS: &[&str] = &["new", "upsell", "cross_sell", "renewal", "repeat"];
const SOURCE_KINDS: &[&str] = &["marketing", "sales"];

const TEAMS: &[Field] = &[ID, NAME, may("parent_id", Kind::Text)];
const REPS: &[Field] = &[
    ID,
    NAME,
    may("team_id", Kind::Text),
    may("segment", Kind::Text),
    may("region", Kind::Text),
    may("hired_at", Kind::Instant),
    may("left_at", Kind::Instant),
];
const ACCOUNTS: &[Field] = &[
    ID,
    NAME,
    may("segment", Kind::Text),
    may("region", Kind::Text),
    may("industry", Kind::Text),
    may("country", Kind::Text),
    REP,
];
const SOURCES: &[Field] = &[ID, NAME, may("kind", Kind::Word(SOURCE_KINDS))];
const PRODUCTS: &[Field] = &[ID, NAME, may("family", Kind::Text), may("list_price", Kind::Money), CURRENCY];
const STAGES: &[Field] = &[
    ID,
    NAME,
    need("position", Kind::Whole(0)),
    need("probability", Kind::Percent),
    may("expected_days", Kind::Whole(0)),
];
const OPPORTUNITIES: &[Field] = &[
    ID,
    may("name", Kind::Text),
    REP,
    ACCOUNT,
    PRODUCT,
    SOURCE,
    may("stage_id", Kind::Text),
    need("status", Kind::Word(STATUSES)),
    may("loss_reason", Kind::Text),
    may("amount", Kind::Money),
    may("monthly_amount", Kind::Money),
    CURRENCY,
    may("created_at", Kind::Instant),
    may("first_contact_at", Kind::Instant),
    may("closed_at", Kind::Instant),
];
const OPPORTUNITY_STAGES: &[Field] = &[
    OPPORTUNITY,
    NUMBER,
    may("stage_id", Kind::Text),
    REP,
    may("entered_at", Kind::Instant),
    may("left_at", Kind::Instant),
    may("outcome", Kind::Word(OUTCOMES)),
];
const PROPOSALS: &[Field] = &[OPPORTUNITY, NUMBER, REP, need("sent_at", Kind::Instant)];
const ORDERS: &[Field] = &[
    ID,
    REP,
    ACCOUNT,
    may("opportunity_id", Kind::Text),
    PRODUCT,
    SOURCE,
    may("campaign_id", Kind::Text),
    may("kind", Kind::Word(ORDER_KINDS)),
    need("amount", Kind::Money),
    CURRENCY,
    need("ordered_at", Kind::Instant),
    may("by_subscriber", Kind::Flag),
];
const CUSTOMER_TENURES: &[Field] = &[
    need("account_id", Kind::Text),
    NUMBER,
    REP,
    need("started_at", Kind::Instant),
    may("ended_at", Kind::Instant),
    may("end_reason", Kind::Text),
];
const TARGETS: &[Field] = &[
    ID,
    need("kpi_id", Kind::Kpi),
    REP,
    may("team_id", Kind::Text),
    need("first_date", Kind::Day),
    need("last_date", Kind::Day),
    need("value", Kind::Decimal),
    CURRENCY,
];
const EXCHANGE_RATES: &[Field] = &[
    need("currency", Kind::Currency),
    need("quote_currency", Kind::Currency),
    need("valid_from", Kind::Day),
    need("rate", Kind::Positive),
];

impl Table {
    /// All tables, each after those that its rows look up names in.
    pub const ALL: [Self; 13] = [
        Self::Teams,
        Self::Reps,
        Self::Accounts,
        Self::Sources,
        Self::Products,
        Self::Stages,
        Self::Opportunities,
        Self::OpportunityStages,
        Self::Proposals,
        Self::Orders,
        Self::CustomerTenures,
        Self::Targets,
        Self::ExchangeRates,
    ];

    /// Its name in the database and in a mapping.
    pub fn name(self) -> &'static str {
        match self {
            Self::Teams => "teams",
            Self::Reps => "reps",
            Self::Accounts => "accounts",
            Self::Sources => "sources",
            Self::Products => "products",
            Self::Stages => "stages",
            Self::Opportunities => "opportunities",
            Self::OpportunityStages => "opportunity_stages",
            Self::Proposals => "proposals",
            Self::Orders => "orders",
            Self::CustomerTenures => "customer_tenures",
            Self::Targets => "targets",
            Self::ExchangeRates => "exchange_rates",
        }
    }

    /// Its fields.
    pub fn fields(self) -> &'static [Field] {
        match self {
            Self::Teams => TEAMS,
            Self::Reps => REPS,
            Self::Accounts => ACCOUNTS,
            Self::Sources => SOURCES,
            Self::Products => PRODUCTS,
            Self::Stages => STAGES,
            Self::Opportunities => OPPORTUNITIES,
            Self::OpportunityStages => OPPORTUNITY_STAGES,
            Self::Proposals => PROPOSALS,
            Self::Orders => ORDERS,
            Self::CustomerTenures => CUSTOMER_TENURES,
            Self::Targets => TARGETS,
            Self::ExchangeRates => EXCHANGE_RATES,
        }
    }

    /// Where a field stands among its fields.
    pub fn field(self, name: &str) -> Option<usize> {
        self.fields().iter().position(|field| field.name == name)
    }

    /// The fields that tell a row from all others: a parent's key and a number for a child.
    pub fn key(self) -> &'static [&'static str] {
        match self {
            Self::OpportunityStages | Self::Proposals => &["opportunity_id", "number"],
            Self::CustomerTenures => &["account_id", "number"],
            Self::ExchangeRates => &["currency", "quote_currency", "valid_from"],
            _ => &["id"],
        }
    }

    /// Its rows can be looked up by id and name.
    pub fn can_be_looked_up(self) -> bool {
        self < Self::OpportunityStages
    }
}

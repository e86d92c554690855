//! The rows of the tables as the entities have them.

use super::read::{Row, Value};
use super::table::Table;
use crate::crm::{
    accounts, customer_tenures, exchange_rates, opportunities, opportunity_stages, orders, products, proposals, reps,
    sources, stages, targets, teams,
};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::ActiveEnum;

/// Everything that is loaded.
#[derive(Debug, Default)]
pub struct Entities {
    pub teams: Vec<teams::Model>,
    pub reps: Vec<reps::Model>,
    pub accounts: Vec<accounts::Model>,
    pub sources: Vec<sources::Model>,
    pub products: Vec<products::Model>,
    pub stages: Vec<stages::Model>,
    pub opportunities: Vec<opportunities::Model>,
    pub opportunity_stages: Vec<opportunity_stages::Model>,
    pub proposals: Vec<proposals::Model>,
    pub orders: Vec<orders::Model>,
    pub customer_tenures: Vec<customer_tenures::Model>,
    pub targets: Vec<targets::Model>,
    pub exchange_rates: Vec<exchange_rates::Model>,
}

/// The number of a child that is still to be counted.
pub const UNNUMBERED: i32 = 0;

/// Takes the values of a row, field by field. A required field has been checked to be set.
struct Fields {
    table: Table,
    values: Vec<Option<Value>>,
}

impl Fields {
    fn take(&mut self, field: &str) -> Option<Value> {
        self.values.get_mut(self.table.field(field)?)?.take()
    }

    fn text(&mut self, field: &str) -> Option<String> {
        match self.take(field) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    fn key(&mut self, field: &str) -> String {
        self.text(field).unwrap_or_default()
    }

    fn instant(&mut self, field: &str) -> Option<DateTime<Utc>> {
        match self.take(field) {
            Some(Value::Instant(at)) => Some(at),
            _ => None,
        }
    }

    fn day(&mut self, field: &str) -> NaiveDate {
        match self.take(field) {
            Some(Value::Day(day)) => day,
            _ => NaiveDate::default(),
        }
    }

    fn integer(&mut self, field: &str) -> Option<i64> {
        match self.take(field) {
            Some(Value::Integer(number)) => Some(number),
            _ => None,
        }
    }

    fn whole(&mut self, field: &str) -> Option<i32> {
        self.integer(field).and_then(|number| number.try_into().ok())
    }

    fn flag(&mut self, field: &str) -> bool {
        self.take(field) == Some(Value::Flag(true))
    }

    fn word(&mut self, field: &str) -> Option<&'static str> {
        match self.take(field) {
            Some(Value::Word(word)) => Some(word),
            _ => None,
        }
    }

    fn one_of<E: ActiveEnum<Value = String>>(&mut self, field: &str) -> Option<E> {
        self.word(field).and_then(|word| E::try_from_value(&word.to_owned()).ok())
    }
}

impl Entities {
    /// Adds the rows of a table.
    pub fn add(&mut self, table: Table, rows: Vec<Row>) {
        for row in rows {
            self.add_row(Fields { table, values: row.values });
        }
    }

    fn add_row(&mut self, mut row: Fields) {
        match row.table {
            Table::Teams => self.teams.push(teams::Model {
                id: row.key("id"),
                name: row.key("name"),
                parent_id: row.text("parent_id"),
            }),
            Table::Reps => self.reps.push(reps::Model {
                id: row.key("id"),
                name: row.key("name"),
                team_id: row.text("team_id"),
                segment: row.text("segment"),
                region: row.text("region"),
                hired_at: row.instant("hired_at"),
                left_at: row.instant("left_at"),
            }),
            Table::Accounts => self.accounts.push(accounts::Model {
                id: row.key("id"),
                name: row.key("name"),
                segment: row.text("segment"),
                region: row.text("region"),
                industry: row.text("industry"),
                country: row.text("country"),
                rep_id: row.text("rep_id"),
                customer_since: None,
            }),
            Table::Sources => {
                self.sources.push(sources::Model { id: row.key("id"), name: row.key("name"), kind: row.one_of("kind") })
            }
            Table::Products => self.products.push(products::Model {
                id: row.key("id"),
                name: row.key("name"),
                family: row.text("family"),
                list_price_minor: row.integer("list_price"),
                currency: row.text("currency"),
            }),
            Table::Stages => self.stages.push(stages::Model {
                id: row.key("id"),
                name: row.key("name"),
                position: row.whole("position").unwrap_or_default(),
                probability_bp: row.whole("probability").unwrap_or_default(),
                expected_days: row.whole("expected_days"),
            }),
            Table::Opportunities => self.opportunities.push(opportunity(row)),
            Table::OpportunityStages => self.opportunity_stages.push(opportunity_stages::Model {
                opportunity_id: row.key("opportunity_id"),
                number: row.whole("number").unwrap_or(UNNUMBERED),
                stage_id: row.text("stage_id"),
                rep_id: row.text("rep_id"),
                entered_at: row.instant("entered_at"),
                left_at: row.instant("left_at"),
                outcome: row.one_of("outcome"),
            }),
            Table::Proposals => self.proposals.push(proposals::Model {
                opportunity_id: row.key("opportunity_id"),
                number: row.whole("number").unwrap_or(UNNUMBERED),
                rep_id: row.text("rep_id"),
                sent_at: row.instant("sent_at").unwrap_or_default(),
            }),
            Table::Orders => self.orders.push(orders::Model {
                id: row.key("id"),
                rep_id: row.text("rep_id"),
                account_id: row.text("account_id"),
                opportunity_id: row.text("opportunity_id"),
                product_id: row.text("product_id"),
                source_id: row.text("source_id"),
                campaign_id: row.text("campaign_id"),
                kind: row.one_of("kind"),
                amount_minor: row.integer("amount").unwrap_or_default(),
                currency: row.key("currency"),
                ordered_at: row.instant("ordered_at").unwrap_or_default(),
                customer_order_number: None,
                by_subscriber: row.flag("by_subscriber"),
            }),
            Table::CustomerTenures => self.customer_tenures.push(customer_tenures::Model {
                account_id: row.key("account_id"),
                number: row.whole("number").unwrap_or(UNNUMBERED),
                rep_id: row.text("rep_id"),
                started_at: row.instant("started_at").unwrap_or_default(),
                ended_at: row.instant("ended_at"),
                end_reason: row.text("end_reason"),
            }),
            Table::Targets => self.targets.push(targets::Model {
                id: row.key("id"),
                kpi_id: row.key("kpi_id"),
                rep_id: row.text("rep_id"),
                team_id: row.text("team_id"),
                first_date: row.day("first_date"),
                last_date: row.day("last_date"),
                value: row.key("value"),
                currency: row.text("currency"),
            }),
            Table::ExchangeRates => self.exchange_rates.push(exchange_rates::Model {
                currency: row.key("currency"),
                quote_currency: row.key("quote_currency"),
                valid_from: row.day("valid_from"),
                rate: row.key("rate"),
            }),
        }
    }
}

fn opportunity(mut row: Fields) -> opportunities::Model {
    opportunities::Model {
        id: row.key("id"),
        name: row.text("name"),
        rep_id: row.text("rep_id"),
        account_id: row.text("account_id"),
        product_id: row.text("product_id"),
        source_id: row.text("source_id"),
        stage_id: row.text("stage_id"),
        status: row.one_of("status").unwrap_or(opportunities::Status::Open),
        loss_reason: row.text("loss_reason"),
        amount_minor: row.integer("amount"),
        monthly_amount_minor: row.integer("monthly_amount"),
        currency: row.text("currency"),
        created_at: row.instant("created_at"),
        first_contact_at: row.instant("first_contact_at"),
        closed_at: row.instant("closed_at"),
    }
}

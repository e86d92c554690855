use super::CURRENCY;
use super::keys::{rep_id, team_id};
use crate::crm;
use crate::demo::calendar::date_of;
use crate::demo::dataset::Dataset;
use crate::demo::exchange::rates;
use crate::demo::targets::Value;

impl Dataset {
    /// Targets, by the first of their days.
    pub fn targets(&self) -> impl Iterator<Item = crm::targets::Model> {
        self.targets.iter().enumerate().map(|(place, target)| crm::targets::Model {
            id: format!("tgt-{:06}", place + 1),
            kpi_id: target.kpi.to_owned(),
            rep_id: target.rep.map(rep_id),
            team_id: target.team.map(team_id),
            first_date: date_of(target.first),
            last_date: date_of(target.last),
            value: match target.value {
                Value::Amount(number) | Value::Count(number) => number.to_string(),
                Value::Percent(percent) => format!("0.{percent:02}"),
            },
            currency: matches!(target.value, Value::Amount(_)).then(|| CURRENCY.to_owned()),
        })
    }

    /// Exchange rates, by currencies and day.
    pub fn exchange_rates(&self) -> impl Iterator<Item = crm::exchange_rates::Model> {
        rates(self).map(|rate| crm::exchange_rates::Model {
            currency: rate.currency.to_owned(),
            quote_currency: rate.quote.to_owned(),
            valid_from: date_of(rate.from),
            rate: rate.rate,
        })
    }
}

use crate::names::{Language, Part, phrase};
use crate::proto;

/// What a table says around names and figures, in one language.
#[derive(Clone, Copy)]
pub(super) struct Words(pub Language);

impl Words {
    /// A phrase without values.
    pub fn of(self, id: &str) -> String {
        self.with(id, &[])
    }

    /// A phrase with values.
    pub fn with(self, id: &str, parts: &[(&str, Part<'_>)]) -> String {
        phrase(id, self.0, parts)
    }

    /// The period of an answer, and the one that it is compared with.
    pub fn period(self, header: &proto::ResultHeader) -> String {
        let days = |first, last| [("first", Part::Text(first)), ("last", Part::Text(last))];
        let [first, last] = days(&header.first_date, &header.last_date);
        let dates = self.with("dates", &[first, last, ("zone", Part::Text(&header.time_zone))]);
        let Some(compared) = &header.compared else { return dates };
        let dates = ("dates", Part::Text(dates.as_str()));
        if compared.first_date.is_empty() {
            return self.with("compared-with-nothing", &[dates]);
        }
        let [first, last] = days(&compared.first_date, &compared.last_date);
        self.with("compared", &[dates, first, last])
    }

    /// Which rate is missing.
    pub fn missing_rate(self, value: &proto::KpiValue) -> String {
        let proto::MissingRate { currency_code, date } = value.missing_rate.clone().unwrap_or_default();
        self.with("missing-rate", &[("currency", Part::Text(&currency_code)), ("date", Part::Text(&date))])
    }

    /// A place among others.
    pub fn place(self, standing: &proto::Standing) -> String {
        let (rank, ranked) = (standing.rank.to_string(), standing.ranked.to_string());
        self.with("place", &[("place", Part::Text(&rank)), ("count", Part::Text(&ranked))])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_told_in_a_language() {
        let compared = proto::ComparedPeriod {
            first_date: "2023-01-01".into(),
            last_date: "2023-12-31".into(),
            ..Default::default()
        };
        let header = proto::ResultHeader {
            first_date: "2024-01-01".into(),
            last_date: "2024-12-31".into(),
            time_zone: "UTC".into(),
            compared: Some(compared),
            ..Default::default()
        };
        let told = |language| Words(language).period(&header);
        assert_eq!(told(Language::English), "2024-01-01 to 2024-12-31 (UTC), compared with 2023-01-01 to 2023-12-31");
        assert_eq!(
            told(Language::Russian),
            "с 2024-01-01 по 2024-12-31 (UTC), в сравнении с периодом с 2023-01-01 по 2023-12-31"
        );
        assert_eq!(told(Language::Persian), "2024-01-01 تا 2024-12-31 (UTC)، در مقایسه با 2023-01-01 تا 2023-12-31");
        let standing = proto::Standing { rank: 3, ranked: 40, ..Default::default() };
        assert_eq!(Words(Language::Russian).place(&standing), "3 из 40");
    }
}

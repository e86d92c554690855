use super::period;
use crate::names::Language;
use crate::proto;
use clap::ValueEnum;
use std::str::FromStr;

/// What is asked: KPIs, a period, groups and filters.
#[derive(Debug, clap::Args)]
pub struct QuestionArgs {
    /// Ids of KPIs, as `crm-kpi catalog` lists them
    #[arg(required = true, value_name = "KPI")]
    kpis: Vec<String>,
    /// last-quarter, this-month, last-90-days, this-quarter-to-date, today, 2017, 2017-Q1, 2017-03, 2017-03-01..2017-12-31;
    /// 2017-W09; a year from 1278 to 1579 is one of the Solar Hijri calendar: 1403-07; with --year-start fiscal years and
    /// quarters are FY2017, FY2017-Q1, last-year and the like, while 2017 and 2017-Q1 are the calendar's
    #[arg(long, value_parser = period::check)]
    period: String,
    /// Dimensions to group by
    #[arg(long, value_name = "DIMENSION", value_delimiter = ',')]
    by: Vec<String>,
    /// Keep these values of a dimension, or all others: segment=enterprise,smb or region!=east; no value is "not set". A value with a
    /// comma is quoted as in CSV: account="Smith, Jones & Co",other
    #[arg(long = "filter", value_name = "DIMENSION=VALUE,…")]
    filters: Vec<FilterArg>,
    /// Cut the period into these
    #[arg(long)]
    grain: Option<Unit>,
    /// KPIs and dimensions to order groups by, from the highest down with a minus before it
    #[arg(long, value_name = "[-]ID", value_delimiter = ',', allow_hyphen_values = true)]
    order_by: Vec<String>,
    /// Only the first N groups
    #[arg(long, value_name = "N", default_value_t = 0)]
    limit: i32,
    /// Also groups without data
    #[arg(long)]
    include_empty: bool,
    /// The time zone that days begin and end in (IANA), such as Europe/Berlin [default: UTC]
    #[arg(long, value_name = "ZONE", default_value = "", hide_default_value = true)]
    time_zone: String,
    /// The language of KPIs' and dimensions' names and of tables (BCP 47): en, fa or ru; any other is English [default: en]
    #[arg(long, value_name = "TAG", env = "CRM_KPI_LANGUAGE", default_value = "", hide_default_value = true)]
    language: String,
    /// The day that weeks start on [default: monday]
    #[arg(long, value_name = "DAY")]
    week_start: Option<Day>,
    /// What months, quarters and years are [default: gregorian]
    #[arg(long, value_name = "SYSTEM")]
    calendar: Option<System>,
    /// The month that years and quarters start with, 1 to 12 in the calendar [default: 1]
    #[arg(long, value_name = "MONTH", default_value_t = 0, hide_default_value = true)]
    year_start: i32,
    /// Also what every value was in an earlier period, and its change
    #[arg(long, value_name = "PERIOD")]
    compare: Option<Comparison>,
    /// Also what every value was meant to be
    #[arg(long)]
    targets: bool,
    /// Also how every row stands among all groups
    #[arg(long)]
    standing: bool,
    /// Rows by team of one level: those with nothing below, or those with nothing above
    #[arg(long, value_name = "LEVEL", conflicts_with = "children_of")]
    level: Option<Level>,
    /// Rows by team of those directly below this one
    #[arg(long, value_name = "TEAM")]
    children_of: Option<String>,
    /// Fail where an amount cannot be converted, instead of leaving out what lacks it
    #[arg(long)]
    require_rates: bool,
    /// The currency that amounts are answered in (ISO 4217) [default: the service's]
    #[arg(long, value_name = "CODE", default_value = "", hide_default_value = true)]
    currency: String,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[allow(missing_docs)]
enum Unit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[allow(missing_docs)]
enum System {
    Gregorian,
    SolarHijri,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[allow(missing_docs)]
enum Comparison {
    PreviousPeriod,
    PreviousYear,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[allow(missing_docs)]
enum Level {
    Leaves,
    Top,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[allow(missing_docs)]
enum Day {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// A filter as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
struct FilterArg {
    dimension: String,
    keeps: bool,
    values: Vec<String>,
}

impl FromStr for FilterArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, values) = text.split_once('=').ok_or("write DIMENSION=VALUE or DIMENSION!=VALUE")?;
        let (dimension, keeps) = name.strip_suffix('!').map_or((name, true), |name| (name, false));
        Ok(Self { dimension: dimension.trim().to_owned(), keeps, values: split(values)? })
    }
}

/// Values as a record of CSV has them, without the spaces around them.
fn split(values: &str) -> Result<Vec<String>, String> {
    if values.trim().is_empty() {
        return Ok(vec![String::new()]);
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).trim(csv::Trim::All).from_reader(values.as_bytes());
    let record = reader.records().next().and_then(Result::ok);
    Ok(record.ok_or("write values with commas between them")?.iter().map(str::to_owned).collect())
}

impl QuestionArgs {
    /// The query as a service is asked it. `by_rep`: it is grouped by rep, whether it says so or not.
    pub fn query(&self, by_rep: bool) -> proto::KpiQuery {
        proto::KpiQuery {
            kpi_ids: self.kpis.clone(),
            period: period::parse(&self.period, u32::try_from(self.year_start).unwrap_or_default().clamp(1, 12)),
            grain: self.grain.map_or(proto::Grain::Unspecified, Unit::grain).into(),
            calendar: Some(proto::Calendar {
                time_zone: self.time_zone.clone(),
                system: self.calendar.map_or(proto::CalendarSystem::Unspecified, System::calendar).into(),
                week_start: self.week_start.map_or(proto::Weekday::Unspecified, Day::weekday).into(),
                fiscal_year_start_month: self.year_start,
            }),
            filters: self.filters.iter().cloned().map(FilterArg::filter).collect(),
            group_by: self.by.clone(),
            order_by: self.order_by.iter().map(|step| self.order(step, by_rep)).collect(),
            compare_to: self.compare.map_or(proto::Comparison::Unspecified, Comparison::period).into(),
            include_empty: self.include_empty,
            include_targets: self.targets,
            include_standing: self.standing,
            require_rates: self.require_rates,
            currency_code: self.currency.clone(),
            limit: self.limit,
            language_code: self.language.clone(),
            hierarchy: self.hierarchy(),
        }
    }

    fn hierarchy(&self) -> Option<proto::HierarchyRows> {
        let level = self.level.map(|level| proto::hierarchy_rows::Rows::Level(level.level().into()));
        let rows = level.or(self.children_of.clone().map(proto::hierarchy_rows::Rows::ChildrenOf));
        rows.map(|rows| proto::HierarchyRows { rows: Some(rows) })
    }

    /// The language of names, and of what is printed around them.
    pub fn language(&self) -> Language {
        self.language.parse().unwrap_or_default()
    }

    fn order(&self, step: &str, by_rep: bool) -> proto::OrderBy {
        let (id, descending) = step.strip_prefix('-').map_or((step, false), |id| (id, true));
        let key = if self.by.iter().any(|dimension| dimension == id) || (by_rep && id == "rep") {
            proto::order_by::Key::Dimension(id.into())
        } else {
            proto::order_by::Key::KpiId(id.into())
        };
        proto::OrderBy { descending, key: Some(key) }
    }
}

impl FilterArg {
    fn filter(self) -> proto::Filter {
        let (any_of, none_of) = if self.keeps { (self.values, Vec::new()) } else { (Vec::new(), self.values) };
        proto::Filter { dimension: self.dimension, any_of, none_of }
    }
}

impl Unit {
    fn grain(self) -> proto::Grain {
        match self {
            Self::Day => proto::Grain::Day,
            Self::Week => proto::Grain::Week,
            Self::Month => proto::Grain::Month,
            Self::Quarter => proto::Grain::Quarter,
            Self::Year => proto::Grain::Year,
        }
    }
}

impl System {
    fn calendar(self) -> proto::CalendarSystem {
        match self {
            Self::Gregorian => proto::CalendarSystem::Gregorian,
            Self::SolarHijri => proto::CalendarSystem::SolarHijri,
        }
    }
}

impl Comparison {
    fn period(self) -> proto::Comparison {
        match self {
            Self::PreviousPeriod => proto::Comparison::PreviousPeriod,
            Self::PreviousYear => proto::Comparison::PreviousYear,
        }
    }
}

impl Level {
    fn level(self) -> proto::HierarchyLevel {
        match self {
            Self::Leaves => proto::HierarchyLevel::Leaves,
            Self::Top => proto::HierarchyLevel::Top,
        }
    }
}

impl Day {
    fn weekday(self) -> proto::Weekday {
        match self {
            Self::Monday => proto::Weekday::Monday,
            Self::Tuesday => proto::Weekday::Tuesday,
            Self::Wednesday => proto::Weekday::Wednesday,
            Self::Thursday => proto::Weekday::Thursday,
            Self::Friday => proto::Weekday::Friday,
            Self::Saturday => proto::Weekday::Saturday,
            Self::Sunday => proto::Weekday::Sunday,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_read() {
        let read = |text: &str| text.parse::<FilterArg>().map(FilterArg::filter);
        let filter = read("segment=enterprise,smb").unwrap();
        assert_eq!((filter.dimension.as_str(), filter.any_of.len(), filter.none_of.len()), ("segment", 2, 0));
        let filter = read("region!=east").unwrap();
        assert_eq!((filter.dimension.as_str(), filter.none_of), ("region", vec!["east".to_owned()]));
        assert_eq!(read("segment=").unwrap().any_of, [""]);
        assert_eq!(read("segment= ,smb").unwrap().any_of, ["", "smb"]);
        let filter = read("account=\"Smith, Jones & Co\", b \"c\"").unwrap();
        assert_eq!(filter.any_of, ["Smith, Jones & Co", "b \"c\""]);
        assert_eq!(read("account=\"a \"\"b\"\"\"").unwrap().any_of, ["a \"b\""]);
        assert!(read("segment").is_err());
    }
}

//! Targets and exchange rates.

use super::{Case, everything};
use crate::support::{Kind, on_every_database};
use crm_kpi::crm::{exchange_rates, targets};
use sea_orm::EntityTrait;

on_every_database!(targets_and_rates_are_loaded, importing_again_replaces_or_deletes, bad_targets_and_rates_are_told);

const MAPPING: &str = r#"
[defaults]
currency = "USD"
time_zone = "Europe/Berlin"
[files."quotas.csv"]
delimiter = ";"
decimal_point = ","
date_formats = ["%d.%m.%Y", "iso"]
[[teams]]
rows = [{ id = "t", name = "North" }]
[[reps]]
rows = [{ id = "1", name = "Ann" }, { id = "2", name = "Bob" }]
[[targets]]
file = "quotas.csv"
when = [{ column = "KPI", none_of = ["Win rate"] }]
[targets.columns]
id = { text = "{KPI}/{Rep}{Team}/{From}" }
kpi_id = { column = "KPI", replace = { "Bookings" = "won_value", "Deals" = "opportunities_won" } }
rep_id = { column = "Rep", lookup = "reps" }
team_id = { column = "Team", lookup = "teams" }
first_date = "From"
last_date = "To"
value = "Quota"
currency = "Currency"
[[targets]]
file = "quotas.csv"
when = [{ column = "KPI", any_of = ["Win rate"] }]
[targets.columns]
id = { text = "rate {From}" }
kpi_id = { text = "win_rate" }
first_date = "From"
last_date = "To"
value = { column = "Quota", scale = "percent" }
[[products]]
rows = [{ id = "p", name = "Pro" }]
[[targets]]
rows = [{ id = "of a product", kpi_id = "won_value", dimension = "product", member = "p", first_date = "2024-01-01", last_date = "2024-01-31", value = "7", currency = "EUR" }]
[[exchange_rates]]
file = "rates.csv"
columns = { currency = "from", quote_currency = { text = "USD" }, valid_from = "day", rate = "rate" }
"#;

const QUOTAS: &str = "\
KPI;Rep;Team;From;To;Quota;Currency\n\
Bookings;Ann;;01.01.2024;31.01.2024;50.000,00;\n\
Bookings;;North;01.01.2024;2024-03-31T21:59:59Z;€ 1.250,5;eur\n\
Deals;Bob;;01.01.2024;31.01.2024;12;EUR\n\
Win rate;;;01.01.2024;31.12.2024;27,5 %;\n";

const RATES: &str = "\
from,day,rate\n\
EUR,2024-01-01,1.1050\n\
irr,2024-01-01,0.0000238095238\n\
EUR,2024-02-01,\"1,000.5\"\n";

async fn case(kind: Kind) -> Case {
    Case::new(kind, MAPPING, &[("quotas.csv", QUOTAS), ("rates.csv", RATES)]).await
}

async fn rates(case: &Case) -> Vec<String> {
    let rates = exchange_rates::Entity::find().all(case.db()).await.unwrap();
    let rates = rates
        .iter()
        .map(|rate| format!("{} {} in {} is {}", rate.valid_from, rate.currency, rate.quote_currency, rate.rate));
    let mut rates: Vec<_> = rates.collect();
    rates.sort();
    rates
}

async fn targets_and_rates_are_loaded(kind: Kind) {
    let case = case(kind).await;
    let summary = case.import().await.unwrap();
    assert_eq!((summary.rows("targets"), summary.rows("exchange_rates")), (5, 3));
    let target = async |id: &str| targets::Entity::find_by_id(id).one(case.db()).await.unwrap().unwrap();
    let day = |text: &str| text.parse().unwrap();
    let all_of_ann = targets::Model {
        id: "Bookings/Ann/01.01.2024".into(),
        kpi_id: "won_value".into(),
        rep_id: Some("1".into()),
        first_date: day("2024-01-01"),
        last_date: day("2024-01-31"),
        value: "50000".into(),
        currency: Some("USD".into()),
        ..Default::default()
    };
    assert_eq!(target("Bookings/Ann/01.01.2024").await, all_of_ann);
    let team = target("Bookings/North/01.01.2024").await;
    assert_eq!((team.rep_id, team.team_id.as_deref()), (None, Some("t")));
    assert_eq!((team.value.as_str(), team.currency.as_deref()), ("1250.5", Some("EUR")));
    assert_eq!(team.last_date, day("2024-03-31"), "23:59:59 in Berlin");
    let deals = target("Deals/Bob/01.01.2024").await;
    assert_eq!((deals.value.as_str(), deals.currency), ("12", None), "a count has no currency");
    let rate = target("rate 01.01.2024").await;
    assert_eq!((rate.value.as_str(), rate.currency, rate.rep_id, rate.team_id), ("0.275", None, None, None));
    let member = target("of a product").await;
    assert_eq!((member.dimension.as_deref(), member.member.as_deref()), (Some("product"), Some("p")));
    assert_eq!(
        rates(&case).await,
        [
            "2024-01-01 EUR in USD is 1.105",
            "2024-01-01 IRR in USD is 0.0000238095238",
            "2024-02-01 EUR in USD is 1000.5"
        ]
    );
}

async fn importing_again_replaces_or_deletes(kind: Kind) {
    let case = case(kind).await;
    case.import().await.unwrap();
    let all = everything(case.db()).await;
    case.import().await.unwrap();
    assert_eq!(everything(case.db()).await, all);

    case.write("rates.csv", "from,day,rate\nEUR,2024-02-01,1.2\n");
    case.write("quotas.csv", "KPI;Rep;Team;From;To;Quota;Currency\n");
    case.import().await.unwrap();
    assert_eq!(everything(case.db()).await.len(), all.len(), "what the files no longer have stays");
    assert!(rates(&case).await.contains(&"2024-02-01 EUR in USD is 1.2".to_owned()));

    let file = "file = \"rates.csv\"";
    let delete = MAPPING.replace(file, &format!("{file}\nmissing = \"delete\""));
    case.write(
        "mapping.toml",
        delete.replacen("file = \"quotas.csv\"", "file = \"quotas.csv\"\nmissing = \"delete\"", 1),
    );
    case.import().await.unwrap();
    assert_eq!(rates(&case).await, ["2024-02-01 EUR in USD is 1.2"]);
    let left = targets::Entity::find().all(case.db()).await.unwrap();
    assert_eq!(left.iter().map(|target| target.id.as_str()).collect::<Vec<_>>(), ["of a product"]);
}

async fn bad_targets_and_rates_are_told(kind: Kind) {
    let case = case(kind).await;
    case.write(
        "quotas.csv",
        "KPI;Rep;Team;From;To;Quota;Currency\n\
         Booking;Ann;;01.01.2024;31.01.2024;1;\n\
         won_valeu;Anne;;01.01.2024;31.01.2024;1,000.00;\n\
         Bookings;;Nort;01.02.2024;31.01.2024;1;US\n\
         Deals;;;30.02.2024;;;\n\
         Deals;;;01.01.2024;31.01.2024;$5;\n\
         Bookings;;;01.01.2024;31.01.2024;1;\n",
    );
    case.write(
        "rates.csv",
        "from,day,rate\nEUR,2024-01-01,0\nEURO,2024-01-01,-1\nUSD,01.01.2024,1\nEUR,2024-01-01,1.1\n\
         EUR,2024-01-01,1.1\n,2024-01-01,1.1\n",
    );
    case.write("mapping.toml", MAPPING.replace("[defaults]\ncurrency = \"USD\"", "[defaults]"));
    let error = case.import().await.unwrap_err().to_string();
    let number = "not a number: expected the form 1.234,50";
    let dates = "not a date in the format %d.%m.%Y or iso";
    let expected = [
        r#"quotas.csv:2: column "KPI", value "Booking": kpi_id: unknown KPI: `crm-kpi catalog` lists them"#.into(),
        r#"quotas.csv:3: column "KPI", value "won_valeu": kpi_id: unknown KPI: did you mean "won_value"?"#.into(),
        r#"quotas.csv:3: column "Rep", value "Anne": no row of reps has this name: did you mean "Ann"?"#.into(),
        format!(r#"quotas.csv:3: column "Quota", value "1,000.00": value: {number}"#),
        r#"quotas.csv:4: column "Currency", value "US": currency: not an ISO 4217 currency code, such as USD"#.into(),
        r#"quotas.csv:4: column "Team", value "Nort": no row of teams has this name: did you mean "North"?"#.into(),
        r#"quotas.csv:4: column "To", value "31.01.2024": last_date: is before first_date, 2024-02-01"#.into(),
        format!(r#"quotas.csv:5: column "From", value "30.02.2024": first_date: {dates}"#),
        r#"quotas.csv:5: column "To", value "": targets.last_date must be set"#.into(),
        r#"quotas.csv:5: column "Quota", value "": targets.value must be set"#.into(),
        format!(r#"quotas.csv:6: column "Quota", value "$5": value: {number}"#),
        r#"quotas.csv:7: column "Currency", value "": a target of won_value needs a currency"#.into(),
        r#"rates.csv:2: column "rate", value "0": rate: must be above 0"#.into(),
        r#"rates.csv:3: column "from", value "EURO": currency: not an ISO 4217 currency code, such as USD"#.into(),
        r#"rates.csv:3: column "rate", value "-1": rate: must be above 0"#.into(),
        r#"rates.csv:4: column "day", value "01.01.2024": valid_from: not a date in the format iso"#.into(),
        r#"rates.csv:4: value "USD": quote_currency: is the currency itself"#.into(),
        "rates.csv:6: column \"from\", value \"EUR, USD, 2024-01-01\": the currency and quote_currency and valid_from \
         of this row is that of rates.csv:5 already"
            .into(),
        r#"rates.csv:7: column "from", value "": exchange_rates.currency must be set"#.into(),
    ];
    let lines: Vec<_> = error.lines().collect();
    assert_eq!(lines[..lines.len() - 2], expected as [String; 19], "{error}");
    assert!(error.contains("bad rows: 11"), "{error}");
    assert!(everything(case.db()).await.is_empty());
}

#[tokio::test]
async fn a_currency_that_nothing_fills_is_told() {
    let mapping = "[[targets]]\nrows = [{ id = \"1\", kpi_id = \"total_sales\", first_date = \"2024-01-01\", \
                   last_date = \"2024-01-31\", value = \"5.5\" }]\n";
    let case = Case::new(Kind::Sqlite, mapping, &[]).await;
    let error = case.import().await.unwrap_err().to_string();
    let expected = "targets[1].rows:1: a target of total_sales needs a currency, and the mapping does not fill it";
    assert!(error.starts_with(expected), "{error}");
}

#[tokio::test]
async fn a_member_of_another_dimension_is_told() {
    let of = |dimension: &str, member: &str| {
        format!(
            "{{ id = \"{dimension}{member}\", kpi_id = \"win_rate\", first_date = \"2024-01-01\", \
             last_date = \"2024-01-31\", value = \"0.5\", dimension = \"{dimension}\", member = \"{member}\" }}"
        )
    };
    let rows = [of("team", "t"), of("segmnet", "x"), of("network", "x"), of("", "x"), of("segment", "")];
    let case = Case::new(Kind::Sqlite, &format!("[[targets]]\nrows = [{}]\n", rows.join(", ")), &[]).await;
    let error = case.import().await.unwrap_err().to_string();
    for (line, reason) in [
        (1, "dimension: a team is told by team_id"),
        (2, "dimension: win_rate has no dimension \"segmnet\": did you mean \"segment\"?"),
        (3, "dimension: win_rate has no dimension \"network\""),
        (4, "member: needs a dimension, such as product"),
    ] {
        let told =
            error.lines().any(|told| told.starts_with(&format!("targets[1].rows:{line}:")) && told.contains(reason));
        assert!(told, "{line} {reason}: {error}");
    }
    assert!(!error.contains("rows:5:"), "{error}");
}

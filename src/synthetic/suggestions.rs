use chrono::{Datelike, Months, NaiveDate};
use crm_kpi_synthetic::Options;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// What to try against demo data served at that address: lines to be pasted into a shell. `program` is what the shell
/// knows crm-kpi by.
pub fn suggestions(listen: SocketAddr, options: &Options, program: &str) -> String {
    let today = options.last_day;
    let this_quarter = quarter_start(today);
    let last_quarter = months_before(this_quarter, 3);
    let last_year = today.year() - 1;
    let day_before = |day: NaiveDate| day.pred_opt().unwrap_or(day);
    let grpcurl = |method: &str, query: &str, first: NaiveDate, last: NaiveDate| {
        let dates = format!(r#""period":{{"dates":{{"first_date":"{first}","last_date":"{last}"}}}}"#);
        let request = format!(r#"{{"query":{{{query},{dates}}}}}"#);
        format!("grpcurl -plaintext -d '{request}' {} crm.kpi.v1.KpiService/{method}", reachable(listen))
    };
    [
        "Win rate and won value by rep, last quarter:".to_owned(),
        grpcurl(
            "QueryKpis",
            r#""kpi_ids":["win_rate","won_value"],"group_by":["rep"],"order_by":[{"kpi_id":"won_value","descending":true}]"#,
            last_quarter,
            day_before(this_quarter),
        ),
        String::new(),
        "Sales by month, last year:".to_owned(),
        grpcurl(
            "QueryKpis",
            r#""kpi_ids":["total_sales"],"grain":"GRAIN_MONTH""#,
            NaiveDate::from_ymd_opt(last_year, 1, 1).unwrap_or(today),
            NaiveDate::from_ymd_opt(last_year, 12, 31).unwrap_or(today),
        ),
        String::new(),
        "A stream with a row per rep, this quarter:".to_owned(),
        grpcurl("StreamRepBreakdown", r#""kpi_ids":["open_opportunities","won_value"]"#, this_quarter, today),
        String::new(),
        "The first as a table:".to_owned(),
        format!(
            "{program} query win_rate won_value --period {}-Q{} --by rep --order-by -won_value --endpoint http://{}",
            last_quarter.year(),
            last_quarter.month0() / 3 + 1,
            reachable(listen)
        ),
    ]
    .map(|line| line + "\n")
    .concat()
}

/// Where a client on this machine finds the service.
fn reachable(listen: SocketAddr) -> SocketAddr {
    match listen.ip().is_unspecified() {
        true => SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), listen.port()),
        false => listen,
    }
}

fn quarter_start(day: NaiveDate) -> NaiveDate {
    NaiveDate::from_ymd_opt(day.year(), day.month0() / 3 * 3 + 1, 1).unwrap_or(day)
}

fn months_before(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_sub_months(Months::new(months)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggestions_are_requests_with_dates_of_the_data() {
        let options = Options::demo("2026-11-20".parse().unwrap());
        let text = suggestions("0.0.0.0:50051".parse().unwrap(), &options, "crm-kpi");
        let requests: Vec<serde_json::Value> = text
            .lines()
            .filter(|line| line.starts_with("grpcurl -plaintext ") && line.contains("' 127.0.0.1:50051 crm.kpi.v1."))
            .map(|line| serde_json::from_str(line.split('\'').nth(1).unwrap()).unwrap())
            .collect();
        let dates: Vec<_> = requests.iter().map(|request| &request["query"]["period"]["dates"]).collect();
        let date = |first: &str, last: &str| serde_json::json!({"first_date": first, "last_date": last});
        assert!(text.contains("crm-kpi query win_rate won_value --period 2026-Q3 --by rep "));
        assert_eq!(
            dates,
            [&date("2026-07-01", "2026-09-30"), &date("2025-01-01", "2025-12-31"), &date("2026-10-01", "2026-11-20")]
        );
    }
}

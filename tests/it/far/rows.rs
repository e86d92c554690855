//! Rows whose times are no times at all, and what is imported.

use crate::import::{Case, DEALS, REPS_CSV};
use crate::support::{Kind, Refusal, TestDatabase, TestServer, dates, on_every_database};
use crm_kpi::import::Progress;
use crm_kpi::import::canonical::{ExportOptions, export};
use crm_kpi::proto;
use sea_orm::ConnectionTrait;

on_every_database!(a_stored_deal_may_have_closed_at_any_time);

/// What is loaded for a deal that the database has is completed with that deal.
async fn a_stored_deal_may_have_closed_at_any_time(kind: Kind) {
    let mapping = "[defaults]\ncurrency = \"USD\"\n[[opportunity_stages]]\nfile = \"stays.csv\"\n\
                   columns = { opportunity_id = \"deal\", stage_id = \"stage\", entered_at = \"entered\" }\n";
    let case = Case::new(
        kind,
        DEALS,
        &[("reps.csv", REPS_CSV), ("deals.csv", "id,owner,status,amount,created,closed\na,Ann,won,5,,2023-01-01\n")],
    )
    .await;
    case.import().await.unwrap();
    case.db().execute_unprepared("UPDATE opportunities SET closed_at = 'infinity'").await.unwrap();
    case.write("mapping.toml", mapping);
    case.write("stays.csv", "deal,stage,entered\na,one,2022-01-01\n");
    case.import().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let options = ExportOptions { folder: folder.path().to_owned(), overwrite: false, progress: Progress::Silent };
    export(case.db(), &options).await.unwrap();
    let stays = std::fs::read_to_string(folder.path().join("opportunity_stages.csv")).unwrap();
    assert!(stays.contains("a,1,one,1,2022-01-01,9999-12-31,won"), "{stays}");
}

#[tokio::test]
async fn a_text_that_is_no_day_is_an_error_that_names_it() {
    let database = TestDatabase::migrated(Kind::Sqlite).await;
    let target = "INSERT INTO targets (id, kpi_id, first_date, last_date, value) \
                  VALUES ('t', 'opportunities_won', '2017-13-01', '2017-99-01', '4')";
    database.connection.execute_unprepared(target).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let options = ExportOptions { folder: folder.path().to_owned(), overwrite: false, progress: Progress::Silent };
    let error = export(&database.connection, &options).await.unwrap_err().to_string();
    assert!(error.contains("targets") && error.contains("first_date of the row with id t"), "{error}");
    let server = TestServer::start(database).await;
    let query = proto::KpiQuery {
        kpi_ids: vec!["opportunities_won".into()],
        period: dates("2017-01-01", "2018-12-31"),
        include_targets: true,
        ..Default::default()
    };
    let request = proto::QueryKpisRequest { query: Some(query), ..Default::default() };
    let refusal = Refusal::of(&server.client().query_kpis(request).await.unwrap_err());
    assert_eq!(refusal.reason, "BAD_STORED_DATA");
}

use super::{lines, or_dash, order, over, run};
use crate::support::{Kind, TestDatabase, TestServer, on_every_database};
use crm_kpi::proto::order_by::Key;
use crm_kpi::proto::{Grain, KpiQuery, KpiValue, OrderBy};

on_every_database!(a_rep_stands_among_all, where_lower_is_better_the_lowest_is_first);

fn standing(value: &KpiValue) -> String {
    let standing = value.standing.as_ref().expect("a standing");
    let (total, difference) = (or_dash(&standing.total_value), or_dash(&standing.difference));
    format!("{}:{}/{}:{total}:{difference}", or_dash(&value.value), standing.rank, standing.ranked)
}

/// Four reps sell 10, 30, 30 and nothing (but are refunded what they sold) in January; the average sale is 70 over 4.
async fn a_rep_stands_among_all(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    for (id, rep, minor) in [("1", "a", 1000), ("2", "b", 3000), ("3", "c", 2000), ("4", "c", 1000)] {
        order(db, (id, rep), minor, "USD", "2024-01-10T00:00:00").await;
    }
    order(db, ("5", "d"), 700, "USD", "2024-02-10T00:00:00").await;
    let query = over(&["total_sales", "average_sale_value"], "2024-01-01", "2024-02-29");
    let mut query =
        KpiQuery { grain: Grain::Month.into(), group_by: vec!["rep".into()], include_standing: true, ..query };
    let expected = [
        "0 a 10.00:3/4:70.00:-60.00 10.00:3/3:17.50:-7.50",
        "1 a 0.00:2/4:7.00:-7.00 -:0/1:7.00:-",
        "0 b 30.00:1/4:70.00:-40.00 30.00:1/3:17.50:12.50",
        "1 b 0.00:2/4:7.00:-7.00 -:0/1:7.00:-",
        "0 c 30.00:1/4:70.00:-40.00 15.00:2/3:17.50:-2.50",
        "1 c 0.00:2/4:7.00:-7.00 -:0/1:7.00:-",
        "0 d 0.00:4/4:70.00:-70.00 -:0/3:17.50:-",
        "1 d 7.00:1/4:7.00:0.00 7.00:1/1:7.00:0.00",
    ];
    assert_eq!(lines(&server.query(query.clone()).await.rows, standing), expected);
    assert_eq!(lines(&server.stream(query.clone(), 3).await.rows(), standing), expected);
    // From the lowest up, and the first two of the order only: the places are still among all, and the best is the first.
    query.order_by = vec![OrderBy { key: Some(Key::KpiId("total_sales".into())), descending: false }];
    query.limit = 2;
    let answer = server.query(query.clone()).await;
    let places = |rows: &[crm_kpi::proto::ResultRow]| rows.iter().map(|row| (row.rank, row.ranked)).collect::<Vec<_>>();
    assert_eq!(places(&answer.rows), [(1, 4), (1, 4), (2, 4), (2, 4)]);
    let expected = [
        "0 d 0.00:4/4:70.00:-70.00 -:0/3:17.50:-",
        "1 d 7.00:1/4:7.00:0.00 7.00:1/1:7.00:0.00",
        "0 a 10.00:3/4:70.00:-60.00 10.00:3/3:17.50:-7.50",
        "1 a 0.00:2/4:7.00:-7.00 -:0/1:7.00:-",
    ];
    assert_eq!(lines(&answer.rows, standing), expected);
    let streamed = server.stream(query, 1).await.rows();
    assert_eq!(
        (lines(&streamed, standing), places(&streamed)),
        (expected.map(String::from).to_vec(), places(&answer.rows))
    );
}

/// One lost a deal, another two: whoever lost fewer is first. Of those who gave a survey a 7 neither is better: the more come
/// first, unless the order is from the lowest up.
async fn where_lower_is_better_the_lowest_is_first(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    for (id, rep) in [("1", "a"), ("2", "b"), ("3", "b")] {
        let (columns, at) = ("id, rep_id, status, created_at, closed_at", "'2024-01-10T00:00:00+00:00'");
        run(db, &format!("INSERT INTO opportunities ({columns}) VALUES ('{id}', '{rep}', 'lost', {at}, {at})")).await;
        let columns = "id, rep_id, kind, score, answered_at";
        run(db, &format!("INSERT INTO survey_answers ({columns}) VALUES ('{id}', '{rep}', 'nps', 7, {at})")).await;
    }
    let query = over(&["opportunities_lost", "passives"], "2024-01-01", "2024-01-31");
    let mut query = KpiQuery { group_by: vec!["rep".into()], include_standing: true, ..query };
    let expected = ["0 a 1:1/2:3:-2 1:2/2:3:-2", "0 b 2:2/2:3:-1 2:1/2:3:-1"];
    assert_eq!(lines(&server.query(query.clone()).await.rows, standing), expected);
    let by = |kpi: &str, descending| OrderBy { key: Some(Key::KpiId(kpi.into())), descending };
    query.order_by = vec![by("opportunities_lost", true), by("passives", false)];
    let expected = ["0 b 2:2/2:3:-1 2:2/2:3:-1", "0 a 1:1/2:3:-2 1:1/2:3:-2"];
    assert_eq!(lines(&server.query(query).await.rows, standing), expected);
}

//! The engine on examples small enough to be checked on paper.

use crate::support::{Kind, TestDatabase, on_every_database, pool};
use chrono::{DateTime, Utc};
use crm_kpi::catalog::{Catalog, Dimension};
use crm_kpi::crm::{customer_tenures, opportunities, opportunity_stages, orders, reps, stages, teams};
use crm_kpi::database::upsert;
use crm_kpi::engine::{Engine, Filter, Order, OrderKey, Question, Row, Test};
use crm_kpi::error::Error;
use crm_kpi::period::{Calendar, Grain, Period};
use crm_kpi::scope::Scope;
use sea_orm::{DatabaseConnection, IntoActiveModel};

on_every_database!(
    customers_who_come_back_within_a_bucket_stay,
    a_funnel_counts_stays_at_the_end_of_each_bucket,
    a_team_row_has_everything_below_it,
    amounts_of_two_currencies_never_add_up,
    groups_go_by_a_kpi_with_ties_by_key,
    a_share_heeds_every_filter_but_its_own,
    a_group_that_the_total_counts_has_a_row,
    lists_have_what_the_scope_has,
);

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}:00Z").parse().expect("an instant")
}

pub fn question(kpis: &[&str], days: [&str; 2], grain: Option<Grain>, group_by: &[Dimension]) -> Question {
    let [first, last] = days.map(|day| day.parse().expect("a day"));
    let timeline = Period::Dates { first, last }.resolve(grain, Calendar::default(), Utc::now()).expect("a period");
    let kpis = kpis.iter().map(|id| Catalog::get().kpi(id).expect("a KPI")).collect();
    let own_currency = group_by.contains(&Dimension::Currency);
    let question = Question::new(Scope::All, kpis, timeline, iso_currency::Currency::USD);
    Question { group_by: group_by.to_vec(), own_currency, ..question }
}

/// A line a row: its bucket's place (T for the whole period), its keys' labels, its values.
pub fn lines(rows: &[Row]) -> Vec<String> {
    let line = |row: &Row| {
        let bucket = row.bucket.map_or("T".to_owned(), |bucket| bucket.to_string());
        let keys = row.keys.iter().map(|key| key.label.clone());
        let values = row.values.iter().map(|value| match (&value.value, &value.quotient) {
            (Ok(value), None) => value.to_string(),
            (Ok(value), Some((n, d))) => format!("{value}={}/{}", n.normalize(), d.normalize()),
            (Err(reason), _) => format!("{reason:?}"),
        });
        [bucket].into_iter().chain(keys).chain(values).collect::<Vec<_>>().join(" ")
    };
    rows.iter().map(line).collect()
}

async fn answer(db: &DatabaseConnection, question: Question) -> (Vec<String>, Vec<String>) {
    let answers = Engine::new(pool(db)).answer(&[question]).await.expect("an answer");
    (lines(&answers[0].rows), lines(&answers[0].totals))
}

fn tenure(account: &str, number: i32, rep: &str, started: &str, ended: Option<&str>) -> customer_tenures::ActiveModel {
    customer_tenures::Model {
        account_id: account.into(),
        number,
        rep_id: Some(rep.into()),
        started_at: at(started),
        ended_at: ended.map(at),
        ..Default::default()
    }
    .into_active_model()
}

async fn customers_who_come_back_within_a_bucket_stay(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let tenures = vec![
        tenure("stays", 1, "r", "2024-01-01T00:00", None),
        tenure("leaves", 1, "r", "2024-01-15T00:00", Some("2024-02-10T00:00")),
        // Leaves and comes back in February.
        tenure("back", 1, "r", "2024-01-20T00:00", Some("2024-02-05T00:00")),
        tenure("back", 2, "s", "2024-02-20T00:00", None),
        // Leaves, comes back and leaves again in February.
        tenure("twice", 1, "r", "2024-01-20T00:00", Some("2024-02-05T00:00")),
        tenure("twice", 2, "r", "2024-02-06T00:00", Some("2024-02-07T00:00")),
        // Comes in February: no customer at its start.
        tenure("new", 1, "s", "2024-02-01T00:00", None),
    ];
    upsert(&database.connection, tenures).await.unwrap();
    let months = ["2024-02-01", "2024-03-31"];
    let kpis = ["retained_customers", "new_customers", "lost_customers"];
    let by_month = question(&kpis, months, Some(Grain::Month), &[Dimension::Rep]);
    let (rows, totals) = answer(&database.connection, by_month).await;
    // February: of stays, leaves, back and twice two are customers at its end. "back" is credited to r, who won it first.
    // March begins with stays (r), back (s) and new (s).
    assert_eq!(rows, ["0 r 2 0 4", "1 r 1 0 0", "0 s 0 1 0", "1 s 2 0 0"]);
    assert_eq!(totals, ["0 2 1 4", "1 3 0 0", "T 2 1 4"]);
    // Who sees nothing of s sees "back" leave.
    let by_month = question(&kpis, months, Some(Grain::Month), &[Dimension::Rep]);
    let of_r = Question { scope: Scope::reps(["r"]), ..by_month };
    let (rows, totals) = answer(&database.connection, of_r).await;
    assert_eq!(rows, ["0 r 1 0 4", "1 r 1 0 0"]);
    assert_eq!(totals, ["0 1 0 4", "1 1 0 0", "T 1 0 4"]);
}

fn deal(
    id: &str,
    rep: &str,
    created: Option<&str>,
    closed: Option<(&str, opportunities::Status)>,
) -> opportunities::Model {
    opportunities::Model {
        id: id.into(),
        rep_id: Some(rep.into()),
        status: closed.map_or(opportunities::Status::Open, |(_, status)| status),
        amount_minor: Some(100_000),
        currency: Some("USD".into()),
        created_at: created.map(at),
        first_contact_at: created.map(at),
        closed_at: closed.map(|(closed, _)| at(closed)),
        ..Default::default()
    }
}

async fn a_funnel_counts_stays_at_the_end_of_each_bucket(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let db = &database.connection;
    let stage = |id: &str, position, probability_bp, expected_days| {
        stages::Model { id: id.into(), name: id.into(), position, probability_bp, expected_days, ..Default::default() }
            .into_active_model()
    };
    upsert(db, vec![stage("a", 1, 1000, Some(10)), stage("b", 2, 5000, None)]).await.unwrap();
    let won = Some(("2024-02-10T00:00", opportunities::Status::Won));
    let deals = vec![
        deal("1", "r", Some("2024-01-05T00:00"), won),
        deal("2", "r", None, None),
        deal("3", "r", Some("2024-01-31T23:59"), None),
    ];
    upsert(db, deals.into_iter().map(IntoActiveModel::into_active_model).collect::<Vec<_>>()).await.unwrap();
    let stay = |id: &str, number, stage: &str, entered, left: Option<&str>, outcome| {
        opportunity_stages::Model {
            opportunity_id: id.into(),
            number,
            stage_id: Some(stage.into()),
            rep_id: Some("r".into()),
            entered_at: Some(at(entered)),
            left_at: left.map(at),
            outcome,
            ..Default::default()
        }
        .into_active_model()
    };
    use opportunity_stages::Outcome;
    let stays = vec![
        stay("1", 1, "a", "2024-01-05T00:00", Some("2024-02-01T00:00"), Some(Outcome::Advanced)),
        stay("1", 2, "b", "2024-02-01T00:00", Some("2024-02-10T00:00"), Some(Outcome::Won)),
        stay("3", 1, "a", "2024-01-31T23:59", None, None),
    ];
    upsert(db, stays).await.unwrap();
    let months = ["2024-01-01", "2024-02-29"];
    let kpis = ["open_opportunities", "pipeline_value", "weighted_pipeline_value", "stalled_opportunities"];
    let (rows, totals) = answer(db, question(&kpis, months, Some(Grain::Month), &[Dimension::Stage])).await;
    // Deal 2 has no history: no stage, no probability. Deal 1 moves on at the very edge of January: still in "a" then, for
    // 27 days (10 are expected). Deal 3 has been in "a" for 28 days at the end of February.
    assert_eq!(
        rows,
        ["0  1 1000.00 0.00 0", "1  1 1000.00 0.00 0", "0 a 2 2000.00 200.00 1", "1 a 1 1000.00 100.00 1"]
    );
    assert_eq!(totals, ["0 3 3000.00 200.00 1", "1 2 2000.00 100.00 1", "T 2 2000.00 100.00 1"]);
    let rates = ["close_rate", "win_rate", "sales_cycle_length", "stage_duration", "sales_velocity"];
    let (rows, totals) = answer(db, question(&rates, months, None, &[])).await;
    // One win of three deals: deal 2 open from the beginning, deals 1 and 3 created. 36 days from contact to close; stays
    // of 27 and 9 days ended; 1000 in 36 days.
    let expected = "0.333333=1/3 1.000000=1/1 36.0000=36/1 18.0000=36/2 27.78=1000/36";
    assert_eq!(rows, [format!("0 {expected}")]);
    assert_eq!(totals, rows);
}

async fn a_team_row_has_everything_below_it(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let db = &database.connection;
    let team = |id: &str, parent: Option<&str>| {
        teams::Model { id: id.into(), name: id.to_uppercase(), parent_id: parent.map(Into::into), ..Default::default() }
            .into_active_model()
    };
    // "x" and "y" are above each other; the parent of "orphans" does not exist.
    let tree = vec![
        team("all", None),
        team("north", Some("all")),
        team("x", Some("y")),
        team("y", Some("x")),
        team("orphans", Some("nowhere")),
    ];
    upsert(db, tree).await.unwrap();
    let rep = |id: &str, team: Option<&str>| {
        reps::Model { id: id.into(), name: id.into(), team_id: team.map(Into::into), ..Default::default() }
            .into_active_model()
    };
    let people = vec![
        rep("boss", Some("all")),
        rep("ann", Some("north")),
        rep("loop", Some("x")),
        rep("lone", None),
        rep("orphan", Some("orphans")),
        rep("ghost", Some("unknown")),
    ];
    upsert(db, people).await.unwrap();
    let deals: Vec<_> = ["boss", "ann", "loop", "lone", "orphan", "ghost", "nobody"]
        .into_iter()
        .map(|rep| deal(rep, rep, Some("2024-01-05T00:00"), None).into_active_model())
        .collect();
    upsert(db, deals).await.unwrap();
    let year = ["2024-01-01", "2024-12-31"];
    let by_team = || question(&["opportunities_created"], year, None, &[Dimension::Team]);
    let (rows, totals) = answer(db, by_team()).await;
    assert_eq!(rows, ["0  2", "0 ALL 2", "0 NORTH 1", "0 ORPHANS 1", "0 unknown 1", "0 X 1", "0 Y 1"]);
    assert_eq!(totals, ["0 7"]);
    let filtered = |test| {
        let mut question = question(&["opportunities_created"], year, None, &[Dimension::Rep]);
        question.filters = vec![Filter { dimension: Dimension::Team, test }];
        question
    };
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    let (rows, _) = answer(db, filtered(Test::AnyOf(ids(&["all", ""])))).await;
    assert_eq!(rows, ["0 ann 1", "0 boss 1", "0 lone 1", "0 nobody 1"]);
    let (rows, _) = answer(db, filtered(Test::NoneOf(ids(&["all", "unknown"])))).await;
    assert_eq!(rows, ["0 lone 1", "0 loop 1", "0 nobody 1", "0 orphan 1"]);
    // A scope has rows of its teams only: these, with what is below them; or those that its reps are in, each with what
    // these do in it, since the rest of the teams below is not shown.
    for (scope, rows, total) in [
        (Scope::teams(["all"]), vec!["0 ALL 2", "0 NORTH 1"], "0 2"),
        (Scope::teams(["north"]), vec!["0 NORTH 1"], "0 1"),
        (Scope::teams(["x"]), vec!["0 X 1", "0 Y 1"], "0 1"),
        (Scope::teams(["unknown", "nowhere"]), vec!["0 unknown 1"], "0 1"),
        (Scope::reps(["ann"]), vec!["0 NORTH 1"], "0 1"),
        (Scope::reps(["ann", "boss"]), vec!["0 ALL 1", "0 NORTH 1"], "0 2"),
        (Scope::reps(["lone", "nobody"]), vec!["0  2"], "0 2"),
    ] {
        let scoped = Question { scope: scope.clone(), ..by_team() };
        let rows = rows.into_iter().map(str::to_owned).collect();
        assert_eq!(answer(db, scoped).await, (rows, vec![total.to_owned()]), "{scope:?}");
    }
    let above = Question { scope: Scope::teams(["north"]), ..filtered(Test::AnyOf(ids(&["all"]))) };
    assert_eq!(answer(db, above).await, (vec![], vec!["0 0".to_owned()]));
    let not_above = Question { scope: Scope::teams(["north"]), ..filtered(Test::NoneOf(ids(&["all"]))) };
    assert_eq!(answer(db, not_above).await.0, ["0 ann 1"]);
    let mut scoped = by_team();
    scoped.scope = Scope::Reps(Vec::new());
    assert_eq!(answer(db, scoped).await, (vec![], vec!["0 0".to_owned()]));
}

fn order(id: &str, rep: &str, source: Option<&str>, amount_minor: i64, currency: &str) -> orders::ActiveModel {
    orders::Model {
        id: id.into(),
        rep_id: Some(rep.into()),
        account_id: Some(format!("customer {id}")),
        source_id: source.map(Into::into),
        kind: Some(orders::Kind::New),
        amount_minor,
        currency: currency.into(),
        ordered_at: at("2024-03-01T00:00"),
        customer_order_number: Some(1),
        ..Default::default()
    }
    .into_active_model()
}

async fn amounts_of_two_currencies_never_add_up(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let db = &database.connection;
    let rows = vec![
        order("1", "r", None, 1050, "USD"),
        order("2", "r", None, 1050, "JPY"),
        order("3", "r", None, 1050, "BHD"),
    ];
    upsert(db, rows).await.unwrap();
    let year = ["2024-01-01", "2024-12-31"];
    let engine = Engine::new(pool(db));
    let total = || question(&["total_sales", "order_count"], year, None, &[]);
    // What needs the rate has no value, and says why; what does not has one.
    let missing = "MissingRate(MissingRate { day: 2024-03-01, currency: BHD })";
    assert_eq!(answer(db, total()).await.0, [format!("0 {missing} 3")]);
    let strict = Question { require_rates: true, ..total() };
    let error = engine.answer(&[strict]).await.unwrap_err();
    assert!(
        matches!(&error, Error::MissingRate { currency, into, .. } if currency == "BHD" && into == "USD"),
        "{error:?}"
    );
    let (rows, totals) =
        answer(db, question(&["total_sales", "order_count"], year, None, &[Dimension::Currency])).await;
    assert_eq!(rows, ["0 BHD 1.050 1", "0 JPY 1050 1", "0 USD 10.50 1"]);
    assert_eq!(totals, ["0 MixedCurrencies 3"]);
    let mut dollars = total();
    dollars.filters = vec![Filter { dimension: Dimension::Currency, test: Test::AnyOf(vec!["USD".into()]) }];
    assert_eq!(answer(db, dollars).await.0, ["0 10.50 1"]);
    // A count alone has no currency.
    assert_eq!(answer(db, question(&["order_count"], year, None, &[])).await.0, ["0 3"]);
}

async fn groups_go_by_a_kpi_with_ties_by_key(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let db = &database.connection;
    let rows = vec![
        order("1", "b", None, 500, "USD"),
        order("2", "c", None, 700, "USD"),
        order("3", "a", None, 500, "USD"),
        order("4", "d", None, 100, "USD"),
    ];
    upsert(db, rows).await.unwrap();
    let mut best = question(&["total_sales"], ["2024-02-01", "2024-03-31"], Some(Grain::Month), &[Dimension::Rep]);
    best.order_by = vec![Order { key: OrderKey::Kpi(0), descending: true }];
    best.limit = Some(3);
    let answers = Engine::new(pool(db)).answer(&[best]).await.unwrap();
    assert_eq!(lines(&answers[0].rows), ["0 c 0.00", "1 c 7.00", "0 a 0.00", "1 a 5.00", "0 b 0.00", "1 b 5.00"]);
    let ranks: Vec<_> = answers[0].rows.iter().map(|row| row.rank.map(|rank| (rank.place, rank.of))).collect();
    assert_eq!(ranks, [(1, 4), (1, 4), (2, 4), (2, 4), (2, 4), (2, 4)].map(Some));
    assert_eq!(lines(&answers[0].totals), ["0 0.00", "1 18.00", "T 18.00"]);
}

async fn a_share_heeds_every_filter_but_its_own(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let db = &database.connection;
    let rows = vec![
        order("1", "r", Some("fair"), 300, "USD"),
        order("2", "r", Some("web"), 500, "USD"),
        order("3", "s", Some("web"), 100, "USD"),
        order("4", "s", None, 100, "USD"),
    ];
    upsert(db, rows).await.unwrap();
    let year = ["2024-01-01", "2024-12-31"];
    let share = |group_by: &[Dimension]| question(&["revenue_share_by_source"], year, None, group_by);
    let (rows, totals) = answer(db, share(&[Dimension::Source])).await;
    assert_eq!(rows, ["0  0.100000=1/10", "0 fair 0.300000=3/10", "0 web 0.600000=6/10"]);
    assert_eq!(totals, ["0 1.000000=10/10"]);
    let mut web = share(&[Dimension::Rep]);
    web.filters = vec![Filter { dimension: Dimension::Source, test: Test::AnyOf(vec!["web".into()]) }];
    let (rows, totals) = answer(db, web).await;
    assert_eq!(rows, ["0 r 0.625000=5/8", "0 s 0.500000=1/2"]);
    assert_eq!(totals, ["0 0.600000=6/10"]);
}

async fn a_group_that_the_total_counts_has_a_row(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let db = &database.connection;
    let won = Some(("2024-01-11T00:00", opportunities::Status::Won));
    let mut uncontacted = deal("2", "s", Some("2024-01-01T00:00"), won);
    uncontacted.first_contact_at = None;
    let deals = [deal("1", "r", Some("2024-01-01T00:00"), won), uncontacted];
    upsert(db, deals.map(IntoActiveModel::into_active_model).to_vec()).await.unwrap();
    let velocity = question(&["sales_velocity"], ["2024-01-01", "2024-12-31"], None, &[Dimension::Rep]);
    let (rows, totals) = answer(db, velocity).await;
    // s won 1000 without a known cycle: no velocity of its own, but part of what everybody won in cycles of 10 days.
    assert_eq!(rows, ["0 r 100.00=1000/10", "0 s ZeroDenominator"]);
    assert_eq!(totals, ["0 200.00=2000/10"]);
}

/// Of every dimension: what some record in the scope has or refers to, where that is on record.
async fn lists_have_what_the_scope_has(kind: Kind) {
    let database = TestDatabase::migrated(kind).await;
    let db = &database.connection;
    for statement in [
        "INSERT INTO teams (id, name, parent_id) VALUES ('top', 'Top', NULL), ('sub', 'Sub', 'top')",
        "INSERT INTO reps (id, name, team_id, segment) VALUES ('a', 'A', 'sub', 'public'), ('b', 'B', 'top', 'home')",
        "INSERT INTO products (id, name) VALUES ('p', 'P'), ('q', 'Q'), ('r', 'R')",
        "INSERT INTO accounts (id, name, rep_id, segment) VALUES ('mine', 'M', 'a', 'smb'), ('theirs', 'T', 'b', 'large'), \
         ('sold', 'S', 'b', 'middle'), ('idle', 'I', NULL, 'none')",
        "INSERT INTO orders (id, rep_id, account_id, product_id, kind, amount_minor, currency, ordered_at, by_subscriber) \
         VALUES ('1', 'a', 'sold', 'p', 'new', 1, 'USD', '2024-01-01T00:00:00+00:00', false), \
         ('2', 'b', 'theirs', 'q', 'repeat', 1, 'EUR', '2024-01-01T00:00:00+00:00', false), \
         ('3', 'a', 'gone', 'gone', NULL, 1, 'USD', '2024-01-01T00:00:00+00:00', false)",
    ] {
        crate::beside::run(db, statement).await;
    }
    let engine = Engine::new(pool(db));
    for (dimension, all, of_a) in [
        (Dimension::Rep, "a b", "a"),
        (Dimension::Team, "sub top", "sub"),
        (Dimension::Account, "idle mine sold theirs", "mine sold"),
        (Dimension::Product, "p q r", "p"),
        (Dimension::OrderKind, "new repeat", "new"),
        (Dimension::Currency, "EUR USD", "USD"),
        (Dimension::Segment, "home large middle none public smb", "middle public smb"),
        (Dimension::Stage, "", ""),
    ] {
        for (scope, expected) in [(Scope::All, all), (Scope::reps(["a"]), of_a), (Scope::teams(["sub"]), of_a)] {
            let values = engine.dimension_values(&scope, dimension, "", "", 100).await.unwrap();
            let ids: Vec<_> = values.into_iter().map(|key| key.id).collect();
            assert_eq!(ids.join(" "), expected, "{dimension:?} {scope:?}");
        }
    }
}

//! A small company, inserted by hand: nine reps in two teams, deals and orders over the last months of 2017.

use chrono::{DateTime, Utc};
use crm_kpi::crm::{accounts, opportunities, orders, reps, teams};
use crm_kpi::database::upsert;
use sea_orm::{ConnectionTrait, DatabaseConnection, IntoActiveModel, Set};

pub const REPS: usize = 9;

fn instant(text: String) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

/// A deal on the 10th of a month of 2017: rep `n`, won for `n` dollars times the month where both are odd or both
/// even, else lost.
fn deal(rep: usize, month: usize) -> opportunities::ActiveModel {
    let won = rep % 2 == month % 2;
    opportunities::Model {
        id: format!("deal-{rep}-{month:02}"),
        rep_id: (rep != REPS).then(|| format!("rep-{rep}")),
        account_id: Some(format!("account-{}", month % 3)),
        status: if won { opportunities::Status::Won } else { opportunities::Status::Lost },
        loss_reason: (!won).then(|| "price".into()),
        amount_minor: Some(i64::try_from(rep * month * 100).expect("an amount")),
        currency: Some("USD".into()),
        created_at: Some(instant(format!("2017-{month:02}-01T00:00:00Z"))),
        closed_at: Some(instant(format!("2017-{month:02}-10T00:00:00Z"))),
        ..Default::default()
    }
    .into_active_model()
}

/// An order, the n-th of 2017, of one dollar.
pub fn order(number: u32) -> orders::ActiveModel {
    orders::Model {
        id: format!("order-{number}"),
        rep_id: Some("rep-1".into()),
        account_id: Some("account-0".into()),
        kind: Some(orders::Kind::New),
        amount_minor: 100,
        currency: "USD".into(),
        ordered_at: instant("2017-10-10T00:00:00Z".into()),
        ..Default::default()
    }
    .into_active_model()
}

/// Fills a database: deals of September to December 2017, half of them won, and one order.
pub async fn fill(connection: &DatabaseConnection) {
    let team =
        |id: &str| teams::ActiveModel { id: Set(id.into()), name: Set(format!("Team {id}")), parent_id: Set(None) };
    let rep = |n: usize| reps::ActiveModel {
        id: Set(format!("rep-{n}")),
        name: Set(format!("Rep {n}")),
        team_id: Set(Some(if n.is_multiple_of(2) { "east" } else { "west" }.into())),
        ..Default::default()
    };
    let account = |n: usize| {
        let segment = ["enterprise", "smb"].get(n).map(|segment| (*segment).to_owned());
        let name = format!("Account {n}");
        let (region, industry, country) = (Some("north".to_owned()), None, None);
        accounts::Model { id: format!("account-{n}"), name, segment, region, industry, country, ..Default::default() }
            .into_active_model()
    };
    upsert(connection, ["east", "west"].map(team).to_vec()).await.expect("teams");
    upsert(connection, (1..=REPS).map(rep).collect()).await.expect("reps");
    upsert(connection, (0..3).map(account).collect()).await.expect("accounts");
    let deals = (1..=REPS).flat_map(|rep| (9..=12).map(move |month| deal(rep, month)));
    upsert(connection, deals.collect()).await.expect("deals");
    upsert(connection, vec![order(1)]).await.expect("an order");
}

/// Changes every deal.
pub async fn change_deals(connection: &DatabaseConnection) {
    let update = "UPDATE opportunities SET amount_minor = amount_minor + 1";
    connection.execute_unprepared(update).await.expect(update);
}

/// Makes rows by team large: about a kilobyte each.
pub async fn lengthen_team_names(connection: &DatabaseConnection) {
    let update = format!("UPDATE teams SET name = '{}'", "a long name ".repeat(80));
    connection.execute_unprepared(&update).await.expect(&update);
}

//! Many rows, made by the database itself.

use super::database::{Kind, TestDatabase};
use sea_orm::ConnectionTrait;

/// Reps `rep-000001`… of one team, each with a deal won for 100 cents times the month's number on the 10th of every
/// month of 2024.
pub async fn reps_with_a_win_a_month(database: &TestDatabase, reps: u32) {
    let (rep, amount, day, closed) = match database.kind {
        Kind::Sqlite => (
            "printf('rep-%06d', i)",
            "m * 100",
            "printf('deal-%06d-%02d', i, m)",
            "printf('2024-%02d-10T00:00:00+00:00', m)",
        ),
        Kind::Postgres => (
            "'rep-' || lpad(i::text, 6, '0')",
            "m * 100",
            "'deal-' || lpad(i::text, 6, '0') || '-' || lpad(m::text, 2, '0')",
            "make_timestamptz(2024, m, 10, 0, 0, 0, 'UTC')",
        ),
    };
    let numbers = |name: &str, column: &str, last: u32| {
        format!("{name}({column}) AS (SELECT 1 UNION ALL SELECT {column} + 1 FROM {name} WHERE {column} < {last})")
    };
    let fill = [
        "INSERT INTO teams (id, name) VALUES ('t', 'T')".to_owned(),
        format!(
            "WITH RECURSIVE {} INSERT INTO reps (id, name, team_id) SELECT {rep}, {rep}, 't' FROM reps_n",
            numbers("reps_n", "i", reps)
        ),
        format!(
            "WITH RECURSIVE {}, {} INSERT INTO opportunities \
             (id, rep_id, status, amount_minor, currency, created_at, first_contact_at, closed_at) \
             SELECT {day}, {rep}, 'won', {amount}, 'USD', {closed}, {closed}, {closed} FROM reps_n CROSS JOIN months_n",
            numbers("reps_n", "i", reps),
            numbers("months_n", "m", 12)
        ),
        "ANALYZE".to_owned(),
    ];
    for statement in fill {
        database.connection.execute_unprepared(&statement).await.expect(&statement);
    }
}

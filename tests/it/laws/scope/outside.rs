//! What is outside of a scope, and how to change all of it.

use crate::support::Kind;
use crm_kpi::crm::{self, Kind as Holds, Table};
use crm_kpi::scope::Scope;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use sea_orm::{ConnectionTrait, DatabaseConnection};
use std::collections::{BTreeMap, BTreeSet};

/// Rates are nobody's: they are not changed.
const SHARED: &str = "exchange_rates";

/// Records and what they are parts of: `(parts, reference, whole)`.
const PARTS: [(&str, &str, &str); 3] = [
    ("opportunity_stages", "opportunity_id", "opportunities"),
    ("lead_stages", "lead_id", "leads"),
    ("mrr_movements", "subscription_id", "subscriptions"),
];

/// The reps and teams on record, and who is where.
#[derive(Clone, Debug)]
pub struct Staff {
    pub reps: BTreeMap<String, Option<String>>,
    pub teams: BTreeMap<String, Option<String>>,
}

impl Staff {
    pub async fn read(db: &DatabaseConnection) -> Self {
        let pairs = async |sql: &str| {
            let rows = db.query_all_raw(sea_orm::Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
            let pair =
                |row: &sea_orm::QueryResult| (row.try_get_by_index(0).unwrap(), row.try_get_by_index(1).unwrap());
            rows.iter().map(pair).collect()
        };
        Self {
            reps: pairs("SELECT id, team_id FROM reps").await,
            teams: pairs("SELECT id, parent_id FROM teams").await,
        }
    }

    /// Everybody in another team, and every team under another one: circles, roots, parents that do not exist.
    pub async fn shuffle(db: &DatabaseConnection, seed: u64) -> Self {
        let mut dice = StdRng::seed_from_u64(seed);
        let staff = Self::read(db).await;
        let mut teams: Vec<Option<&str>> = staff.teams.keys().map(|id| Some(id.as_str())).collect();
        teams.extend([None, None, Some("no such team")]);
        let sql = |id: Option<&str>| id.map_or("NULL".into(), |id| format!("'{id}'"));
        for (table, column, ids) in [
            ("teams", "parent_id", staff.teams.keys().collect::<Vec<_>>()),
            ("reps", "team_id", staff.reps.keys().collect()),
        ] {
            for id in ids {
                let above = sql(*teams.choose(&mut dice).unwrap());
                run(db, &format!("UPDATE {table} SET {column} = {above} WHERE id = '{id}'")).await;
            }
        }
        Self::read(db).await
    }

    /// A scope of some teams or reps, on record or not.
    pub fn scope(&self, seed: u64) -> Scope {
        let mut dice = StdRng::seed_from_u64(seed);
        let (of_teams, known) = if dice.random_bool(0.6) { (true, &self.teams) } else { (false, &self.reps) };
        let mut ids: Vec<String> = known.keys().cloned().collect();
        ids.push(if of_teams { "no such team".into() } else { "rep nobody knows".into() });
        let count = dice.random_range(1..=3);
        let ids = ids.sample(&mut dice, count).cloned().collect();
        if of_teams { Scope::Teams(ids) } else { Scope::Reps(ids) }
    }
}

/// What is inside of a scope.
pub struct Inside {
    reps: BTreeSet<String>,
    teams: BTreeSet<String>,
    tables: &'static [Table],
}

impl Inside {
    pub fn of(scope: &Scope, staff: &Staff) -> Self {
        let (mut reps, mut teams) = (BTreeSet::new(), BTreeSet::new());
        match scope {
            Scope::All => panic!("everything is inside"),
            Scope::Reps(ids) => {
                reps.extend(ids.iter().cloned());
                teams.extend(ids.iter().filter_map(|id| staff.reps.get(id)?.clone()));
            }
            Scope::Teams(ids) => {
                teams.extend(ids.iter().cloned());
                let under = |above: &BTreeSet<String>, (_, parent): &(&String, &Option<String>)| {
                    parent.as_ref().is_some_and(|id| above.contains(id) && staff.teams.contains_key(id))
                };
                for _ in 0..staff.teams.len() {
                    let below: Vec<_> = staff.teams.iter().filter(|team| under(&teams, team)).collect();
                    teams.extend(below.into_iter().map(|(id, _)| id.clone()));
                }
                let in_them = |team: &Option<String>| team.as_ref().is_some_and(|team| teams.contains(team));
                reps.extend(staff.reps.iter().filter(|(_, team)| in_them(team)).map(|(id, _)| id.clone()));
            }
        }
        Self { reps, teams, tables: crm::tables() }
    }

    pub fn has_rep(&self, id: &str) -> bool {
        self.reps.contains(id)
    }

    fn table(&self, name: &str) -> &Table {
        self.tables.iter().find(|table| table.name == name).unwrap()
    }

    /// Whether a row is credited to somebody inside, or a part of what is.
    fn inside(&self, table: &str) -> String {
        let has = |column: &str| self.table(table).columns.iter().any(|other| other.name == column);
        let rep = one_of("rep_id", &self.reps);
        let mut tests = match table {
            "reps" => vec![one_of("id", &self.reps)],
            "teams" => vec![one_of("id", &self.teams)],
            "targets" => vec![rep, format!("COALESCE(rep_id, '') = '' AND {}", one_of("team_id", &self.teams))],
            // A refund that is nobody's is its order's.
            "orders" => {
                let of_order = format!("refund_of IN (SELECT id FROM orders WHERE {rep})");
                vec![rep, format!("COALESCE(rep_id, '') = '' AND {of_order}")]
            }
            _ if has("rep_id") => vec![rep],
            _ => vec!["1 = 0".into()],
        };
        for (_, reference, whole) in PARTS.iter().filter(|(parts, ..)| *parts == table) {
            tests.push(format!("{reference} IN (SELECT id FROM {whole} WHERE {})", one_of("rep_id", &self.reps)));
        }
        format!("({})", tests.join(" OR "))
    }

    /// Whether a row is inside, or describes what is.
    fn kept(&self, table: &str) -> String {
        let mut tests = vec![self.inside(table)];
        let referring = |holder: &str, test: String| {
            let columns = self.table(holder).columns.iter().filter(|column| column.references == Some(table));
            let names = columns.map(|column| column.name);
            let test = |name| format!("id IN (SELECT {name} FROM {holder} WHERE {name} IS NOT NULL AND {test})");
            names.map(test).collect::<Vec<_>>()
        };
        if !["reps", "teams"].contains(&table) {
            for holder in self.tables {
                tests.extend(referring(holder.name, self.inside(holder.name)));
            }
            for holder in ["opportunities", "subscriptions"].into_iter().filter(|holder| *holder != table) {
                if ["accounts", "products", "sources", "stages", "campaigns"].contains(&table) {
                    tests.extend(referring(holder, self.kept(holder)));
                }
            }
        }
        format!("({})", tests.join(" OR "))
    }

    /// Changes everything else: copies of all sorts of records for strangers, other values, fewer rows.
    pub async fn change_the_rest(&self, db: &DatabaseConnection, kind: Kind, round: u32) {
        let mut dice = StdRng::seed_from_u64(u64::from(round));
        let coin = |percent: u32| match kind {
            Kind::Sqlite => format!("abs(random()) % 100 < {percent}"),
            Kind::Postgres => format!("random() * 100 < {percent}"),
        };
        let tables = || self.tables.iter().filter(|table| table.name != SHARED);
        for table in tables() {
            run(db, &self.copies(table, round, &coin(15))).await;
        }
        for table in tables() {
            let values: Vec<String> =
                table.columns.iter().filter_map(|column| self.other_value(table.name, column, &mut dice)).collect();
            let (name, kept) = (table.name, self.kept(table.name));
            run(db, &format!("UPDATE {name} SET {} WHERE NOT {kept} AND {}", values.join(", "), coin(60))).await;
        }
        for Table { name, .. } in tables() {
            run(db, &format!("DELETE FROM {name} WHERE NOT {} AND {}", self.kept(name), coin(20))).await;
        }
    }

    /// Copies of a stranger's: of any row, where that does not make a part of what is inside.
    fn copies(&self, table: &Table, round: u32, coin: &str) -> String {
        let key = table.columns.iter().filter(|column| column.key).max_by_key(|column| column.kind == Holds::Integer);
        let key = key.map_or("", |column| column.name);
        let value = |column: &crm::Column| match column.name {
            name if name == key && column.kind == Holds::Integer => format!("{name} + {}", 10_000 << round),
            name if name == key => format!("{name} || ' copy {round}'"),
            "rep_id" => "'stranger'".into(),
            name => name.into(),
        };
        let values: Vec<String> = table.columns.iter().map(value).collect();
        let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
        let mut from = vec![coin.to_owned()];
        if !names.contains(&"rep_id") {
            from.push(format!("NOT {}", self.kept(table.name)));
        }
        for (_, reference, whole) in PARTS.iter().filter(|(parts, ..)| *parts == table.name) {
            from.push(format!(
                "NOT EXISTS (SELECT 1 FROM {whole} WHERE {whole}.id = {reference} AND {})",
                one_of(&format!("{whole}.rep_id"), &self.reps)
            ));
        }
        let (name, names) = (table.name, names.join(", "));
        format!("INSERT INTO {name} ({names}) SELECT {} FROM {name} WHERE {}", values.join(", "), from.join(" AND "))
    }

    fn other_value(&self, table: &str, column: &crm::Column, dice: &mut StdRng) -> Option<String> {
        let name = column.name;
        let part = PARTS.iter().any(|(parts, reference, _)| *parts == table && *reference == name);
        if column.key || part {
            return None;
        }
        let day = format!("2024-{:02}-{:02}", dice.random_range(1..=6), dice.random_range(1..=28));
        let value = match (&column.kind, column.references) {
            (_, Some("reps")) => "'stranger'".to_owned(),
            // Into the teams that are inside nobody moves who is not.
            (_, Some("teams")) => format!("(SELECT MAX(id) FROM teams WHERE NOT {})", one_of("id", &self.teams)),
            (_, Some(referenced)) => format!("(SELECT {}(id) FROM {referenced})", ["MIN", "MAX"].choose(dice)?),
            // Of this one there is no rate.
            (Holds::Text, None) if name.contains("currency") => "'JPY'".to_owned(),
            (Holds::Text, None) if ["name", "email", "company"].contains(&name) => {
                format!("(SELECT MIN({name}) FROM {table})")
            }
            (Holds::Text, None) if name == "kpi_id" => return None,
            (Holds::Text, None) => "'changed'".to_owned(),
            (Holds::Word(words), None) => format!("'{}'", words.choose(dice)?),
            (Holds::Integer | Holds::BigInteger, None) => format!("COALESCE({name}, 0) * 2 + 7"),
            (Holds::Flag, None) => format!("NOT {name}"),
            (Holds::Decimal, None) => "'77.5'".to_owned(),
            (Holds::Day, None) => format!("'{day}'"),
            (Holds::Instant, None) => format!("'{day}T12:00:00+00:00'"),
        };
        Some(format!("{name} = {value}"))
    }
}

/// Never NULL.
fn one_of(column: &str, ids: &BTreeSet<String>) -> String {
    let ids: Vec<String> = ids.iter().map(|id| format!("'{id}'")).collect();
    if ids.is_empty() { "1 = 0".into() } else { format!("COALESCE({column}, '') IN ({})", ids.join(", ")) }
}

pub async fn run(db: &DatabaseConnection, sql: &str) {
    db.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

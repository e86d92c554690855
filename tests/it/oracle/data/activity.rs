//! What reps do: activities, social profiles and posts, trainings, sign-ins.

use super::dirt::{Dirt, edges};
use super::{PRODUCTS, REPS};
use crm_kpi::crm::{activities, reps, sign_ins, social_posts, social_profile_snapshots, training_results};
use rand::RngExt;
use rand::seq::IndexedRandom;

const NETWORKS: [&str; 3] = ["linkedin", "linkedin", "xing"];

impl Dirt {
    pub fn activities(&mut self) -> Vec<activities::Model> {
        let random = self.instants(400);
        random.into_iter().chain(edges()).enumerate().map(|(number, at)| self.activity(number, at)).collect()
    }

    fn activity(&mut self, number: usize, occurred_at: chrono::DateTime<chrono::Utc>) -> activities::Model {
        use activities::{Direction, Kind};
        let kinds = [Kind::Call, Kind::Call, Kind::Email, Kind::Meeting, Kind::Message];
        activities::Model {
            id: format!("activity {number}"),
            kind: *kinds.choose(&mut self.rng).unwrap(),
            direction: if self.chance(70) { Direction::Outbound } else { Direction::Inbound },
            rep_id: self.maybe(10, &REPS),
            account_id: self.account(),
            opportunity_id: self.maybe(30, &["deal 1", "deal 2", "deal 3", "deal 4", "deal 5", "gone"]),
            prospecting: self.chance(40),
            personalized: self.chance(40),
            occurred_at,
            ..Default::default()
        }
    }

    /// A history for each profile, some with a gap, some with a snapshot that overlaps the next one, or that is replaced
    /// before it is taken.
    pub fn profiles(&mut self) -> Vec<social_profile_snapshots::Model> {
        let mut snapshots = Vec::new();
        for profile in 0..24 {
            let (rep_id, network) = (self.maybe(10, &REPS), self.maybe(10, &NETWORKS));
            let mut taken = self.instants(10);
            taken.sort();
            for (number, &taken_at) in taken.iter().enumerate() {
                let next = taken.get(number + 1).copied();
                let replaced_at = match self.rng.random_range(0..12) {
                    0 => Some(self.instant()),
                    1 => next.map(|next| next - chrono::TimeDelta::days(3)),
                    _ => next,
                };
                snapshots.push(social_profile_snapshots::Model {
                    id: format!("snapshot {profile} {number}"),
                    rep_id: rep_id.clone(),
                    network: network.clone(),
                    followers: (!self.chance(10)).then(|| self.rng.random_range(0..900)),
                    strength: (!self.chance(20)).then(|| self.rng.random_range(1..6)),
                    profile_views: self.rng.random_range(0..60),
                    requests_sent: self.rng.random_range(0..9),
                    requests_accepted: self.rng.random_range(0..9),
                    inbound_requests: self.rng.random_range(0..4),
                    taken_at,
                    replaced_at,
                    ..Default::default()
                });
            }
        }
        snapshots
    }

    pub fn posts(&mut self) -> Vec<social_posts::Model> {
        let random = self.instants(150);
        let posts = random.into_iter().chain(edges()).enumerate();
        posts
            .map(|(number, published_at)| social_posts::Model {
                id: format!("post {number}"),
                rep_id: self.maybe(10, &REPS),
                network: self.maybe(10, &NETWORKS),
                shares: self.rng.random_range(0..5),
                comments: self.rng.random_range(0..9),
                likes: self.rng.random_range(-1..90),
                published_at,
                ..Default::default()
            })
            .collect()
    }

    pub fn trainings(&mut self) -> Vec<training_results::Model> {
        let random = self.instants(150);
        let trainings = random.into_iter().chain(edges()).enumerate();
        trainings
            .map(|(number, completed_at)| training_results::Model {
                id: format!("training {number}"),
                rep_id: self.maybe(10, &REPS),
                product_id: self.maybe(10, &PRODUCTS),
                score: (!self.chance(25)).then(|| self.rng.random_range(0..=100)),
                completed_at,
                ..Default::default()
            })
            .collect()
    }

    pub fn sign_ins(&mut self) -> Vec<sign_ins::Model> {
        let random = self.instants(200);
        let sign_ins = random.into_iter().chain(edges()).enumerate();
        sign_ins
            .map(|(number, signed_in_at)| sign_ins::Model {
                id: format!("sign-in {number}"),
                rep_id: self.maybe(10, &REPS),
                signed_in_at,
                ..Default::default()
            })
            .collect()
    }
}

/// Reps who left no later than they came: never employed.
pub fn never_employed() -> Vec<reps::Model> {
    let rep = |id: &str, [hired_at, left_at]: [&str; 2]| reps::Model {
        id: id.into(),
        name: format!("Rep {id}"),
        team_id: Some("south".into()),
        segment: Some("smb".into()),
        hired_at: Some(hired_at.parse().unwrap()),
        left_at: Some(left_at.parse().unwrap()),
        ..Default::default()
    };
    vec![
        rep("never", ["2024-03-10T00:00:00Z", "2024-03-01T00:00:00Z"]),
        rep("not at all", ["2024-04-10T00:00:00Z", "2024-04-10T00:00:00Z"]),
    ]
}

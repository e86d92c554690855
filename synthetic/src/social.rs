//! Reps on social networks: what their profiles reach, and what they post.

use crate::branch::{Branch, by_time};
use crate::calendar::{Day, Minute, instant};
use crate::dice::Dice;
use crate::reps::Rep;
use crm_kpi_crm::{social_posts, social_profile_snapshots};

/// The networks, with what is reached there against the first, in per mille.
const NETWORKS: [(&str, i64); 2] = [("linkedin", 1000), ("x", 420)];

/// Days between two snapshots of a profile.
const SNAPSHOT_DAYS: Day = 28;

impl Branch<'_> {
    /// What networks show of profiles, by time.
    pub fn social_profile_snapshots(&self) -> impl Iterator<Item = social_profile_snapshots::Model> {
        let mut rows = Vec::new();
        for (seat, rep) in self.keepers() {
            for (place, (network, level)) in NETWORKS.into_iter().enumerate() {
                let mut dice = self.dice("profile", seat * NETWORKS.len() + place);
                self.add_profile(&mut dice, rep, (network, level), &mut rows);
            }
        }
        by_time(rows).map(|(place, row)| social_profile_snapshots::Model { id: self.id("snap", place), ..row })
    }

    fn add_profile(
        &self,
        dice: &mut Dice,
        rep: &Rep,
        (network, level): (&str, i64),
        rows: &mut Vec<(Minute, social_profile_snapshots::Model)>,
    ) {
        let reach = rep.reach * level / 1000;
        let days = rep.days(&self.company.span);
        let mut followers = 40 + reach * dice.between(250, 900) / 1000;
        let mut strength = (1 + reach / 450 + dice.between(-1, 1)).clamp(1, 4);
        let first = days.start() + dice.between(0, i64::from(SNAPSHOT_DAYS) - 1) as Day;
        let mut earlier = rows.len();
        for day in (first..=*days.end()).step_by(SNAPSHOT_DAYS as usize) {
            let at = rep.closing(day) - dice.between(1, 120);
            // The one before is replaced.
            for (_, before) in &mut rows[earlier..] {
                before.replaced_at = Some(instant(at));
            }
            earlier = rows.len();
            let sent = dice.between(0, 26) * level / 1000 + 1;
            let accepted = (0..sent).filter(|_| dice.chance(350)).count() as i64;
            followers += accepted + followers * dice.around(0, 26) / 1000 - dice.between(0, 1);
            if strength < 5 && dice.chance(40) {
                strength += 1;
            }
            let row = social_profile_snapshots::Model {
                rep_id: Some(self.company.rep_id(rep.number)),
                network: Some(network.to_owned()),
                followers: Some(followers.max(1) as i32),
                strength: Some(strength as i32),
                profile_views: (followers * dice.around(40, 150) / 1000 + dice.between(2, 12)) as i32,
                requests_sent: sent as i32,
                requests_accepted: accepted as i32,
                inbound_requests: dice.weighted(&[40, 32, 18, 10]) as i32,
                taken_at: instant(at),
                ..Default::default()
            };
            rows.push((at, row));
        }
    }

    /// Posts by time: who reaches more posts more.
    pub fn social_posts(&self) -> impl Iterator<Item = social_posts::Model> {
        let mut rows = Vec::new();
        for (seat, rep) in self.keepers() {
            let mut dice = self.dice("posts", seat);
            let pause = 22_000 / rep.reach.max(1);
            let days = rep.days(&self.company.span);
            let mut day = *days.start();
            loop {
                day += dice.between(pause / 3 + 1, pause * 5 / 3 + 1) as Day;
                if day > *days.end() {
                    break;
                }
                let (network, level) = NETWORKS[dice.weighted(&[70, 30])];
                let likes = dice.around(0, 60) * dice.between(100, 1000) / 1000 * rep.reach / 1000 * level / 1000;
                let shares = (likes * dice.between(0, 220) / 1000) as i32;
                let comments = (likes * dice.between(50, 400) / 1000) as i32;
                let at = rep.time_around(&mut dice, day);
                let row = social_posts::Model {
                    rep_id: Some(self.company.rep_id(rep.number)),
                    network: Some(network.to_owned()),
                    shares,
                    comments,
                    likes: likes as i32,
                    published_at: instant(at),
                    ..Default::default()
                };
                rows.push((at, row));
            }
        }
        by_time(rows).map(|(place, row)| social_posts::Model { id: self.id("post", place), ..row })
    }
}

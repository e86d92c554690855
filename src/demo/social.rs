//! Reps on social networks: what their profiles reach, and what they post.

use super::calendar::{Day, Minute};
use super::dataset::Dataset;
use super::dice::Dice;
use super::staff::Employee;

/// The networks, with what is reached there against the first, in per mille.
const NETWORKS: [(&str, i64); 2] = [("linkedin", 1000), ("x", 420)];

/// Days between two snapshots of a profile.
const SNAPSHOT_DAYS: Day = 28;

/// What a network shows of a profile.
pub(super) struct Snapshot {
    pub rep: u32,
    pub network: &'static str,
    pub followers: i32,
    pub strength: i32,
    /// This and what follows since the snapshot before.
    pub views: i32,
    pub sent: i32,
    pub accepted: i32,
    pub inbound: i32,
    pub at: Minute,
    /// When the next one was taken.
    pub replaced: Option<Minute>,
}

/// Snapshots by time.
pub(super) fn snapshots(data: &Dataset) -> Vec<Snapshot> {
    let mut snapshots = Vec::new();
    for employee in &data.staff {
        for (place, (network, level)) in NETWORKS.into_iter().enumerate() {
            let number = employee.rep.number * NETWORKS.len() as u32 + place as u32;
            let mut dice = Dice::new(data.options.seed, "profile", number);
            snapshots.extend(profile(data, &mut dice, employee, network, level));
        }
    }
    snapshots.sort_by_key(|snapshot| snapshot.at);
    snapshots
}

fn profile(data: &Dataset, dice: &mut Dice, employee: &Employee, network: &'static str, level: i64) -> Vec<Snapshot> {
    let reach = employee.reach * level / 1000;
    let last = employee.left.unwrap_or(data.span.last);
    let mut followers = 40 + reach * dice.between(250, 900) / 1000;
    let mut strength = (1 + reach / 450 + dice.between(-1, 1)).clamp(1, 4);
    let mut profile: Vec<Snapshot> = Vec::new();
    let mut day = data.span.first.max(employee.from) + dice.between(0, i64::from(SNAPSHOT_DAYS) - 1) as Day;
    while day <= last {
        let at = employee.rep.closing(day) - dice.between(1, 120);
        if let Some(before) = profile.last_mut() {
            before.replaced = Some(at);
        }
        let sent = dice.between(0, 26) * level / 1000 + 1;
        let accepted = (0..sent).filter(|_| dice.chance(350)).count() as i64;
        followers += accepted + followers * dice.around(0, 26) / 1000 - dice.between(0, 1);
        if strength < 5 && dice.chance(40) {
            strength += 1;
        }
        profile.push(Snapshot {
            rep: employee.rep.number,
            network,
            followers: followers.max(1) as i32,
            strength: strength as i32,
            views: (followers * dice.around(40, 150) / 1000 + dice.between(2, 12)) as i32,
            sent: sent as i32,
            accepted: accepted as i32,
            inbound: dice.weighted(&[40, 32, 18, 10]) as i32,
            at,
            replaced: None,
        });
        day += SNAPSHOT_DAYS;
    }
    profile
}

/// A post.
pub(super) struct Post {
    pub rep: u32,
    pub network: &'static str,
    pub shares: i32,
    pub comments: i32,
    pub likes: i32,
    pub at: Minute,
}

/// Posts by time: who reaches more posts more.
pub(super) fn posts(data: &Dataset) -> Vec<Post> {
    let mut posts = Vec::new();
    for employee in &data.staff {
        let mut dice = Dice::new(data.options.seed, "posts", employee.rep.number);
        let pause = 22_000 / employee.reach.max(1);
        let last = employee.left.unwrap_or(data.span.last);
        let mut day = data.span.first.max(employee.from);
        loop {
            day += dice.between(pause / 3 + 1, pause * 5 / 3 + 1) as Day;
            if day > last {
                break;
            }
            let (network, level) = NETWORKS[dice.weighted(&[70, 30])];
            let likes = dice.around(0, 60) * dice.between(100, 1000) / 1000 * employee.reach / 1000 * level / 1000;
            posts.push(Post {
                rep: employee.rep.number,
                network,
                shares: (likes * dice.between(0, 220) / 1000) as i32,
                comments: (likes * dice.between(50, 400) / 1000) as i32,
                likes: likes as i32,
                at: employee.rep.time_around(&mut dice, day),
            });
        }
    }
    posts.sort_by_key(|post| post.at);
    posts
}

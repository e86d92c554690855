//! Keys, from numbers from 0: in the order of the numbers.

pub fn team(number: u64) -> String {
    format!("team-{:06}", number + 1)
}

pub fn rep(number: u64) -> String {
    format!("rep-{:07}", number + 1)
}

pub fn account(number: u64) -> String {
    format!("acc-{:08}", number + 1)
}

pub fn source(number: u64) -> String {
    format!("src-{:02}", number + 1)
}

pub fn product(number: u64) -> String {
    format!("prod-{:02}", number + 1)
}

pub fn stage(number: usize) -> String {
    format!("stage-{}", number + 1)
}

pub fn campaign(number: u64) -> String {
    format!("camp-{:02}", number + 1)
}

pub fn deal(number: u64) -> String {
    format!("opp-{:08}", number + 1)
}

pub fn lead(number: u64) -> String {
    format!("lead-{:08}", number + 1)
}

pub fn subscription(deal: u64) -> String {
    format!("sub-{:08}", deal + 1)
}

pub fn case(number: u64) -> String {
    format!("case-{:08}", number + 1)
}

/// Of what nothing refers to.
pub fn other(kind: &str, number: u64) -> String {
    format!("{kind}-{:08}", number + 1)
}

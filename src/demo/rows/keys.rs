//! Keys, from places and numbers from 0.

pub fn team_id(number: u32) -> String {
    format!("team-{number:04}")
}

pub fn rep_id(number: u32) -> String {
    format!("rep-{:04}", number + 1)
}

pub fn account_id(place: usize) -> String {
    format!("acc-{:06}", place + 1)
}

pub fn deal_id(place: usize) -> String {
    format!("opp-{:07}", place + 1)
}

pub fn source_id(place: usize) -> String {
    format!("src-{:02}", place + 1)
}

pub fn product_id(place: usize) -> String {
    format!("prod-{:02}", place + 1)
}

pub fn stage_id(place: usize) -> String {
    format!("stage-{}", place + 1)
}

pub fn campaign_id(place: usize) -> String {
    format!("camp-{:03}", place + 1)
}

pub fn lead_id(place: usize) -> String {
    format!("lead-{:07}", place + 1)
}

pub fn subscription_id(place: usize) -> String {
    format!("sub-{:07}", place + 1)
}

pub fn case_id(place: usize) -> String {
    format!("case-{:07}", place + 1)
}

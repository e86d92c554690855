use super::{
    activities, costs, leads, mrr_movements, opportunities, opportunity_stages, orders, service_calls, service_cases,
    sources, survey_answers,
};
use sea_orm::ActiveEnum;

/// The words that a column can hold, as they are stored; empty for a column of any text.
pub(super) fn words(table: &str, column: &str) -> Vec<String> {
    match (table, column) {
        ("opportunities", "status") => opportunities::Status::values(),
        ("opportunity_stages", "outcome") => opportunity_stages::Outcome::values(),
        ("orders", "kind") => orders::Kind::values(),
        ("leads" | "lead_stages", "status") => leads::Status::values(),
        ("sources", "kind") => sources::Kind::values(),
        ("costs", "kind") => costs::Kind::values(),
        ("mrr_movements", "kind") => mrr_movements::Kind::values(),
        ("activities", "kind") => activities::Kind::values(),
        ("activities", "direction") => activities::Direction::values(),
        ("service_cases", "kind") => service_cases::Kind::values(),
        ("service_calls", "outcome") => service_calls::Outcome::values(),
        ("survey_answers", "kind") => survey_answers::Kind::values(),
        _ => Vec::new(),
    }
}

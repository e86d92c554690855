use super::keys::{account_id, case_id, product_id, rep_id};
use crate::crm;
use crate::demo::calendar::instant;
use crate::demo::dataset::Dataset;

impl Dataset {
    /// Cases by when they were opened.
    pub fn service_cases(&self) -> impl Iterator<Item = crm::service_cases::Model> {
        self.cases.iter().enumerate().map(|(place, case)| crm::service_cases::Model {
            id: case_id(place),
            rep_id: Some(rep_id(case.rep)),
            account_id: Some(account_id(case.account)),
            product_id: Some(product_id(case.product)),
            kind: Some(case.kind),
            channel: Some(case.channel.to_owned()),
            opened_at: instant(case.opened),
            first_response_at: case.responded.map(instant),
            due_at: Some(instant(case.due)),
            resolved_at: case.resolved.map(instant),
        })
    }

    /// Calls to the service desk, by time.
    pub fn service_calls(&self) -> impl Iterator<Item = crm::service_calls::Model> {
        self.calls.iter().enumerate().map(|(place, call)| crm::service_calls::Model {
            id: format!("call-{:07}", place + 1),
            rep_id: Some(rep_id(call.rep)),
            account_id: Some(account_id(call.account)),
            case_id: call.case.map(case_id),
            outcome: call.outcome,
            callback: call.callback,
            handle_seconds: call.seconds,
            offered_at: instant(call.at),
        })
    }

    /// Answers to surveys, by time.
    pub fn survey_answers(&self) -> impl Iterator<Item = crm::survey_answers::Model> {
        self.answers.iter().enumerate().map(|(place, answer)| crm::survey_answers::Model {
            id: format!("ans-{:07}", place + 1),
            kind: answer.kind,
            rep_id: Some(rep_id(answer.rep)),
            account_id: Some(account_id(answer.account)),
            product_id: Some(product_id(answer.product)),
            case_id: answer.case.map(case_id),
            score: answer.score,
            answered_at: instant(answer.at),
        })
    }
}

use super::rule;
use crate::crm::opportunity_stages::{Column as Stay, Entity as Stays};
use crate::crm::{customer_tenures as tenures, lead_stages, opportunities};
use crate::quality::rule::Severity::{Error, Warning};
use crate::quality::rule::{Check, Neighbour, Parent, Related, Rule, Which, Whole};
use crate::quality::terms::{Term, Test, equal, instant, less, none_of, number, of, one_of, set, text, unset};

/// What is read beside a stay: its neighbours, and the life of the deal or lead.
const NEXT_START: &str = "next_started_at";
const NEXT: &str = "next_number";
const PREVIOUS: &str = "previous_number";
const POSITION: &str = "stage_position";
const NEXT_POSITION: &str = "next_stage_position";
const PIPELINE: &str = "stage_pipeline";
const NEXT_PIPELINE: &str = "next_stage_pipeline";
const CREATED: &str = "whole_created_at";
const CLOSED: &str = "whole_closed_at";

pub(super) fn rules() -> Vec<Rule> {
    let both = |checks: fn(Make) -> Vec<Check>| [checks(of_deal), checks(of_lead)].concat();
    vec![
        rule(
            "stages_out_of_order",
            Error,
            "A stay in a stage has the outcome `advanced` before a later stage and `returned` before an earlier one.",
            out_of_order(),
        ),
        rule("stages_overlap", Error, "A deal or lead is in one stage at a time.", both(overlaps)),
        rule(
            "stages_outside_life",
            Error,
            "A deal's or lead's stays in stages begin at its creation or later, and a deal's end with its close at the \
             latest.",
            [both(starts_early), ends_late()].concat(),
        ),
        rule(
            "stages_with_gap",
            Warning,
            "A deal or lead with a stage history is in some stage from its creation on, and a deal to its close.",
            [both(gaps), gap_at_end()].concat(),
        ),
        rule("tenures_overlap", Error, "A customer's tenures follow each other.", vec![tenures_overlap()]),
    ]
}

#[derive(Clone, Copy)]
enum Edge {
    Start,
    End,
}

/// A check of the start or end of a stay.
type Make = fn(Edge, Test, &'static str) -> Check;

fn of_deal(edge: Edge, breaks: Test, expected: &'static str) -> Check {
    let column = match edge {
        Edge::Start => Stay::EnteredAt,
        Edge::End => Stay::LeftAt,
    };
    let parent = |name, table, reference, column| Parent { name, reference, table, column };
    let parents = vec![
        parent(CREATED, "opportunities", "opportunity_id", "created_at"),
        parent(CLOSED, "opportunities", "opportunity_id", "closed_at"),
        parent(POSITION, "stages", "stage_id", "position"),
        parent(PIPELINE, "stages", "stage_id", "pipeline_id"),
    ];
    let mut neighbours = neighbours(&["opportunity_id"], "entered_at");
    neighbours.push(Neighbour { name: NEXT_POSITION, value: POSITION, ..neighbours[0] });
    neighbours.push(Neighbour { name: NEXT_PIPELINE, value: PIPELINE, ..neighbours[0] });
    let whole = Some(Whole { reference: "opportunity_id", table: "opportunities" });
    Check::of::<Stays>(column, breaks, expected).related(Related { whole, parents, neighbours, ..Related::default() })
}

fn of_lead(edge: Edge, breaks: Test, expected: &'static str) -> Check {
    let column = match edge {
        Edge::Start => lead_stages::Column::EnteredAt,
        Edge::End => lead_stages::Column::LeftAt,
    };
    let parents = vec![Parent { name: CREATED, reference: "lead_id", table: "leads", column: "created_at" }];
    let neighbours = neighbours(&["lead_id"], "entered_at");
    Check::of::<lead_stages::Entity>(column, breaks, expected).related(Related {
        whole: Some(Whole { reference: "lead_id", table: "leads" }),
        parents,
        neighbours,
        ..Related::default()
    })
}

fn neighbours(among: &'static [&'static str], start: &'static str) -> Vec<Neighbour> {
    let neighbour = |name, which, value| Neighbour { name, which, value, among, by: "number" };
    vec![
        neighbour(NEXT_START, Which::Next, start),
        neighbour(NEXT, Which::Next, "number"),
        neighbour(PREVIOUS, Which::Previous, "number"),
    ]
}

fn entered() -> Term {
    instant("entered_at")
}

fn left() -> Term {
    instant("left_at")
}

fn all(tests: impl Into<Vec<Test>>) -> Test {
    Test::All(tests.into())
}

fn any(tests: impl Into<Vec<Test>>) -> Test {
    Test::Any(tests.into())
}

fn out_of_order() -> Vec<Check> {
    let outcome = |outcome| equal_to(of(Stay::Outcome), outcome);
    let not = |outcome| any([unset(of(Stay::Outcome)), none_of(of(Stay::Outcome), vec![outcome])]);
    let [here, next] = [POSITION, NEXT_POSITION].map(number);
    // Positions in different pipelines do not compare.
    let [pipeline, next_pipeline] = [PIPELINE, NEXT_PIPELINE].map(text);
    let neither = all([unset(pipeline), unset(next_pipeline)]);
    let comparable = any([neither, equal(pipeline, next_pipeline)]);
    let check = |breaks, expected| {
        let check = of_deal(Edge::End, breaks, expected);
        check.found("outcome", of(Stay::Outcome)).limit(number(NEXT))
    };
    vec![
        check(
            all([comparable.clone(), less(next, here), not("returned")]),
            "returned, as stay {} is in an earlier stage",
        ),
        check(all([comparable, less(here, next), outcome("returned")]), "advanced, as stay {} is in a later stage"),
        check(
            all([set(number(NEXT)), one_of(of(Stay::Outcome), vec!["won", "lost"])]),
            "advanced or returned, as stay {} follows",
        ),
    ]
}

fn equal_to(term: Term, value: &'static str) -> Test {
    one_of(term, vec![value])
}

fn overlaps(stay: Make) -> Vec<Check> {
    let ends_late = any([less(instant(NEXT_START), left()), all([unset(left()), set(instant(NEXT_START))])]);
    vec![
        stay(Edge::End, ends_late, "at or before {}, when the next stay starts").limit(instant(NEXT_START)),
        stay(Edge::Start, all([unset(entered()), set(number(PREVIOUS))]), "set, as it follows stay {}")
            .limit(number(PREVIOUS)),
    ]
}

fn starts_early(stay: Make) -> Vec<Check> {
    let breaks = less(entered(), instant(CREATED));
    vec![stay(Edge::Start, breaks, "at or after created_at, {}").limit(instant(CREATED))]
}

fn ends_late() -> Vec<Check> {
    let late = any([less(instant(CLOSED), left()), all([unset(left()), unset(number(NEXT)), set(instant(CLOSED))])]);
    vec![of_deal(Edge::End, late, "at or before closed_at, {}").limit(instant(CLOSED))]
}

fn gaps(stay: Make) -> Vec<Check> {
    vec![
        stay(Edge::Start, all([unset(number(PREVIOUS)), less(instant(CREATED), entered())]), "at created_at, {}")
            .limit(instant(CREATED)),
        stay(Edge::End, less(left(), instant(NEXT_START)), "at {}, when the next stay starts")
            .limit(instant(NEXT_START)),
    ]
}

fn gap_at_end() -> Vec<Check> {
    let last = || unset(number(NEXT));
    let status = Parent { name: "whole_status", reference: "opportunity_id", table: "opportunities", column: "status" };
    let is_open = equal_to(of(opportunities::Column::Status).named(status.name), "open");
    let mut lasts = of_deal(
        Edge::End,
        all([last(), set(left()), unset(instant(CLOSED)), is_open]),
        "not set, as the deal is open and no stay follows",
    );
    lasts.related.parents.push(status);
    vec![
        of_deal(Edge::End, all([last(), less(left(), instant(CLOSED))]), "at closed_at, {}").limit(instant(CLOSED)),
        lasts,
    ]
}

fn tenures_overlap() -> Check {
    use tenures::Column::EndedAt;
    let next = instant(NEXT_START);
    let late = any([less(next, of(EndedAt)), all([unset(of(EndedAt)), set(next)])]);
    let neighbours = neighbours(&["account_id"], "started_at");
    Check::of::<tenures::Entity>(EndedAt, late, "at or before {}, when the next tenure starts")
        .limit(next)
        .related(Related { neighbours, ..Related::default() })
}

use super::{dates, noon};
use crate::period::{Calendar, Edge, Grain};

fn text(edges: &[Edge]) -> Vec<String> {
    assert!(edges.iter().all(|edge| edge.at.date_naive() == edge.day));
    edges.iter().map(|edge| edge.day.to_string()).collect()
}

#[test]
fn a_leap_day_moved_by_a_year_leaves_an_empty_bucket() {
    let timeline = super::cut("2024-02-28", "2024-03-01", Grain::Day, Calendar::default());
    assert_eq!(text(&timeline.edges_years_away(-1)), ["2023-02-28", "2023-03-01", "2023-03-01", "2023-03-02"]);
}

#[test]
fn the_period_before_has_whole_units() {
    let before = |first, last, grain| {
        let timeline = dates(first, last).resolve(grain, Calendar::default(), noon(first)).unwrap();
        text(&timeline.edges_before())
    };
    let months = Some(Grain::Month);
    assert_eq!(before("2024-03-01", "2024-04-30", months), ["2024-02-01", "2024-03-01", "2024-04-01"]);
    assert_eq!(before("2024-03-31", "2024-04-10", months), ["2024-03-01", "2024-03-01", "2024-03-11"]);
    assert_eq!(before("2024-03-01", "2024-03-31", None), ["2024-02-01", "2024-03-01"]);
    assert_eq!(before("2024-01-01", "2024-06-30", None), ["2023-07-01", "2024-01-01"]);
    assert_eq!(before("2024-03-02", "2024-03-31", None), ["2024-02-01", "2024-03-02"]);
    assert_eq!(before("2024-02-26", "2024-03-03", Some(Grain::Week)), ["2024-02-19", "2024-02-26"]);
}

use super::hierarchy::hierarchy;
use super::nearest::{named_dimension, named_kpi};
use super::period::{comparison, timeline};
use super::reach;
use super::violations::{Violations, quoted};
use crate::catalog::{Dimension, Kpi};
use crate::engine::{Filter, Order, OrderKey, Question, Test};
use crate::proto;
use crate::scope::Scope;
use chrono::{DateTime, Utc};
use iso_currency::Currency;

const MAX_KPIS: usize = 200;
const MAX_FILTERS: usize = 50;
const MAX_GROUP_BY: usize = 6;
const MAX_ORDER_BY: usize = 10;

/// What a question depends on beside the query.
#[derive(Clone, Debug)]
pub struct Context {
    /// What the caller may see.
    pub scope: Scope,
    /// The time that relative periods are seen from.
    pub now: DateTime<Utc>,
    /// The currency that amounts are answered in where the query does not filter by one.
    pub currency: Currency,
    /// Buckets of a query at most.
    pub max_buckets: usize,
    /// Values of all filters of a query at most.
    pub max_filter_values: usize,
}

/// What a query is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// As it is written.
    Free,
    /// Grouped by rep first, whether it says so or not.
    ByRep,
}

/// The question that a query asks. `path` is the query's field; nothing is returned where something is wrong with it.
pub fn question(
    query: Option<&proto::KpiQuery>,
    path: &str,
    shape: Shape,
    context: &Context,
    violations: &mut Violations,
) -> Option<Question> {
    let Some(query) = query else {
        violations.invalid(path, "is required");
        return None;
    };
    let kpis = kpis(query, path, violations);
    let timeline = timeline(query, path, context.now, violations);
    let buckets = timeline.as_ref().map_or(0, |timeline| timeline.buckets.len());
    if buckets > context.max_buckets {
        let most = context.max_buckets;
        let text = format!(
            "makes {buckets} buckets, and a query has at most {most}: take a coarser grain or a shorter period"
        );
        violations.invalid(format!("{path}.grain"), text);
    }
    let group_by = group_by(query, path, shape, violations);
    let filters = filters(query, path, context.max_filter_values, violations);
    let order_by = order_by(query, path, &kpis, &group_by, violations);
    if query.include_empty && group_by.len() != 1 {
        let needed = if shape == Shape::ByRep { "\"rep\" alone" } else { "exactly one dimension" };
        violations.invalid(format!("{path}.include_empty"), format!("needs {needed} in group_by"));
    }
    let limit = usize::try_from(query.limit);
    if limit.is_err() {
        violations.invalid(format!("{path}.limit"), format!("{} is negative: use 0 for all groups", query.limit));
    }
    let compare_to = comparison(query, path, violations);
    let currency = currency(&query.currency_code, &format!("{path}.currency_code"), violations);
    let hierarchy = hierarchy(query, path, &group_by, violations);
    if query.include_standing && group_by.is_empty() {
        violations.invalid(format!("{path}.include_standing"), "needs a dimension in group_by");
    }
    let used: Vec<_> = group_by
        .iter()
        .map(|(dimension, field)| (*dimension, field.clone()))
        .chain(filters.iter().map(|(filter, field)| (filter.dimension, format!("{field}.dimension"))))
        .collect();
    reach::check(&used, &kpis, violations);
    let filters: Vec<_> = filters.into_iter().map(|(filter, _)| filter).collect();
    let by_currency = group_by.iter().any(|(dimension, _)| *dimension == Dimension::Currency);
    let named = currency.map(|code| code.or(filtered_currency(&filters)));
    Some(Question {
        scope: context.scope.clone(),
        own_currency: named?.is_none() && by_currency,
        currency: named?.unwrap_or(context.currency),
        kpis: kpis.into_iter().map(|(kpi, _)| kpi).collect(),
        timeline: timeline?,
        filters,
        group_by: group_by.into_iter().map(|(dimension, _)| dimension).collect(),
        order_by,
        compare_to: compare_to?,
        include_empty: query.include_empty,
        include_targets: query.include_targets,
        include_standing: query.include_standing,
        hierarchy: hierarchy?,
        limit: limit.ok().filter(|&limit| limit > 0),
        require_rates: query.require_rates,
    })
}

/// The known KPIs, each with its field.
fn kpis(query: &proto::KpiQuery, path: &str, violations: &mut Violations) -> Vec<(&'static Kpi, String)> {
    let mut kpis: Vec<(&'static Kpi, String)> = Vec::new();
    let count = query.kpi_ids.len();
    if !(1..=MAX_KPIS).contains(&count) {
        let text = format!("has {count} ids, expected 1 to {MAX_KPIS}; ListKpis lists them");
        violations.invalid(format!("{path}.kpi_ids"), text);
    }
    for (i, id) in query.kpi_ids.iter().take(MAX_KPIS).enumerate() {
        let field = format!("{path}.kpi_ids[{i}]");
        let Some(kpi) = named_kpi(id, &field, violations) else { continue };
        if kpis.iter().any(|(earlier, _)| earlier.id == kpi.id) {
            violations.invalid(field, format!("duplicate KPI id \"{id}\""));
        } else {
            kpis.push((kpi, field));
        }
    }
    kpis
}

/// The known dimensions, each with its field.
fn group_by(
    query: &proto::KpiQuery,
    path: &str,
    shape: Shape,
    violations: &mut Violations,
) -> Vec<(Dimension, String)> {
    let mut dimensions: Vec<(Dimension, String)> = Vec::new();
    let rep = Dimension::Rep.id();
    let adds_rep = shape == Shape::ByRep && !query.group_by.iter().any(|id| id == rep);
    if query.group_by.len() + usize::from(adds_rep) > MAX_GROUP_BY {
        let with = if shape == Shape::ByRep { " and \"rep\"" } else { "" };
        let text = format!("has {} dimensions{with}, at most {MAX_GROUP_BY} are allowed", query.group_by.len());
        violations.invalid(format!("{path}.group_by"), text);
    }
    for (i, id) in query.group_by.iter().take(MAX_GROUP_BY).enumerate() {
        let field = format!("{path}.group_by[{i}]");
        let Some(dimension) = named_dimension(id, &field, violations) else { continue };
        if dimensions.iter().any(|(earlier, _)| *earlier == dimension) {
            violations.invalid(field, format!("duplicate dimension \"{id}\""));
        } else {
            dimensions.push((dimension, field));
        }
    }
    if adds_rep {
        dimensions.insert(0, (Dimension::Rep, format!("{path}.group_by")));
    } else if shape == Shape::ByRep {
        dimensions.sort_by_key(|(dimension, _)| *dimension != Dimension::Rep);
    }
    dimensions
}

/// The filters that are right, each with its field.
fn filters(
    query: &proto::KpiQuery,
    path: &str,
    max_values: usize,
    violations: &mut Violations,
) -> Vec<(Filter, String)> {
    let mut filters: Vec<(Filter, String)> = Vec::new();
    let list = format!("{path}.filters");
    if query.filters.len() > MAX_FILTERS {
        violations.invalid(&list, format!("has {} filters, at most {MAX_FILTERS} are allowed", query.filters.len()));
    }
    let values: usize = query.filters.iter().map(|filter| filter.any_of.len() + filter.none_of.len()).sum();
    if values > max_values {
        let text = format!("has {values} values, at most {max_values} are allowed in all filters together");
        violations.invalid(&list, text);
    }
    for (i, filter) in query.filters.iter().take(MAX_FILTERS).enumerate() {
        let field = format!("{list}[{i}]");
        let dimension = named_dimension(&filter.dimension, &format!("{field}.dimension"), violations);
        let test = test(filter, &field, violations);
        let Some((dimension, test)) = dimension.zip(test) else { continue };
        if filters.iter().any(|(earlier, _)| earlier.dimension == dimension) {
            let text = format!("\"{}\" is filtered twice: combine both in one filter", dimension.id());
            violations.invalid(format!("{field}.dimension"), text);
        } else {
            filters.push((Filter { dimension, test }, field));
        }
    }
    filters
}

/// The condition of a filter, its values sorted and each once.
fn test(filter: &proto::Filter, field: &str, violations: &mut Violations) -> Option<Test> {
    let (values, name, test): (_, _, fn(Vec<String>) -> Test) = match (filter.any_of.len(), filter.none_of.len()) {
        (0, 0) => {
            violations.invalid(
                format!("{field}.any_of"),
                "is empty: give at least one id in any_of or in none_of, or leave the filter out",
            );
            return None;
        }
        (_, 0) => (&filter.any_of, "any_of", Test::AnyOf),
        (0, _) => (&filter.none_of, "none_of", Test::NoneOf),
        (_, _) => {
            violations.invalid(field, "has both any_of and none_of: use one of them");
            return None;
        }
    };
    if let Some(i) = values.iter().position(|value| value.contains('\0')) {
        violations.invalid(format!("{field}.{name}[{i}]"), "must not contain the character U+0000");
        return None;
    }
    let mut values = values.clone();
    values.sort_unstable();
    values.dedup();
    Some(test(values))
}

fn order_by(
    query: &proto::KpiQuery,
    path: &str,
    kpis: &[(&'static Kpi, String)],
    group_by: &[(Dimension, String)],
    violations: &mut Violations,
) -> Vec<Order> {
    let list = format!("{path}.order_by");
    if query.order_by.len() > MAX_ORDER_BY {
        violations.invalid(&list, format!("has {} steps, at most {MAX_ORDER_BY} are allowed", query.order_by.len()));
    }
    let mut steps: Vec<Order> = Vec::new();
    for (i, step) in query.order_by.iter().take(MAX_ORDER_BY).enumerate() {
        let field = format!("{list}[{i}]");
        let key = match &step.key {
            None => {
                violations.invalid(&field, "names nothing to order by: set kpi_id or dimension");
                None
            }
            Some(proto::order_by::Key::KpiId(id)) => {
                if !query.kpi_ids.contains(id) {
                    let text = format!("{} is not in kpi_ids: order by a KPI of the query", quoted(id));
                    violations.invalid(format!("{field}.kpi_id"), text);
                }
                kpis.iter().position(|(kpi, _)| kpi.id == id).map(OrderKey::Kpi)
            }
            Some(proto::order_by::Key::Dimension(id)) => {
                let place = group_by.iter().position(|(dimension, _)| dimension.id() == id);
                if place.is_none() && !query.group_by.contains(id) {
                    let text = format!("{} is not in group_by: order by a dimension of the rows", quoted(id));
                    violations.invalid(format!("{field}.dimension"), text);
                }
                place.map(OrderKey::Key)
            }
        };
        let Some(key) = key else { continue };
        if steps.iter().any(|earlier| earlier.key == key) {
            violations.invalid(field, "is a duplicate: order by each KPI and dimension once");
        } else {
            steps.push(Order { key, descending: step.descending });
        }
    }
    steps
}

/// The currency of a code. The outer `None` is a violation, the inner one "not given".
fn currency(code: &str, field: &str, violations: &mut Violations) -> Option<Option<Currency>> {
    if code.is_empty() {
        return Some(None);
    }
    let currency = Currency::from_code(code);
    if currency.is_none() {
        let text = format!("unknown currency {}: use a code of ISO 4217, such as EUR", quoted(code));
        violations.invalid(field, text);
    }
    currency.map(Some)
}

/// The one currency that a question is about, if it is.
fn filtered_currency(filters: &[Filter]) -> Option<Currency> {
    filters.iter().filter(|filter| filter.dimension == Dimension::Currency).find_map(|filter| match &filter.test {
        Test::AnyOf(codes) if codes.len() == 1 => codes.first().and_then(|code| Currency::from_code(code)),
        _ => None,
    })
}

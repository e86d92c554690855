use super::query::Shape;
use crate::catalog::Catalog;
use crate::engine::{HierarchyRows, OrderKey, Question, Test};
use crate::names::Language;
use crate::scope::Scope;
use blake3::Hasher;
use chrono::{DateTime, Utc};

/// A hash of everything that an answer depends on beside the data and the time: the normalised query, its resolved dates,
/// what the caller may see, the catalogue, and the language that it is named in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint {
    hash: String,
    /// The place of the bucket that today is in.
    unfinished: Option<usize>,
    /// The end of the minute that it is, in seconds of Unix time, where the answer depends on that.
    seen: Option<i64>,
}

impl Fingerprint {
    /// The fingerprint of a question and of the language of its answer. The order of filters does not matter; their values
    /// are sorted already.
    pub fn of(question: &Question, language: Language) -> Self {
        let mut hash = Hash::default();
        hash.text(Catalog::get().version());
        hash.text(language.tag());
        scope(&mut hash, &question.scope);
        hash.texts(question.kpis.iter().map(|kpi| kpi.id));
        let calendar = question.timeline.calendar;
        hash.text(calendar.zone.name());
        hash.text(&format!("{:?} {} {}", calendar.system, calendar.week_start, calendar.year_start));
        hash.text(&format!("{:?} {:?}", question.timeline.length, question.compare_to));
        hash.number(question.timeline.to_date.into());
        hash.texts(question.timeline.buckets.iter().flat_map(|bucket| {
            [bucket.label.clone(), bucket.first.to_string(), bucket.last.to_string(), bucket.partial.to_string()]
        }));
        let mut filters: Vec<_> = question.filters.iter().collect();
        filters.sort_by_key(|filter| filter.dimension.id());
        hash.number(filters.len());
        for filter in filters {
            hash.text(filter.dimension.id());
            let (kind, values) = match &filter.test {
                Test::AnyOf(values) => (1, values),
                Test::NoneOf(values) => (2, values),
            };
            hash.number(kind);
            hash.texts(values);
        }
        hash.texts(question.group_by.iter().map(|dimension| dimension.id()));
        hash.number(question.order_by.len());
        for order in &question.order_by {
            let (kind, place) = match order.key {
                OrderKey::Kpi(place) => (1, place),
                OrderKey::Key(place) => (2, place),
            };
            hash.number(kind);
            hash.number(place);
            hash.number(order.descending.into());
        }
        hash.number(question.include_empty.into());
        hash.number(question.include_targets.into());
        hash.number(question.include_standing.into());
        hash.number(question.require_rates.into());
        hash.number(question.limit.unwrap_or(0));
        let (rows, parent) = match &question.hierarchy {
            None => (0, ""),
            Some(HierarchyRows::Leaves) => (1, ""),
            Some(HierarchyRows::Top) => (2, ""),
            Some(HierarchyRows::ChildrenOf(parent)) => (3, parent.as_str()),
        };
        hash.number(rows);
        hash.text(parent);
        hash.text(question.currency.code());
        hash.number(question.own_currency.into());
        let timeline = &question.timeline;
        let unfinished = timeline.buckets.iter().position(|bucket| timeline.is_unfinished(bucket));
        let seen = question.ends_now().then(|| timeline.now.until.timestamp());
        Self { hash: hash.finish(), unfinished, seen }
    }

    /// A fingerprint that no time belongs to.
    fn timeless(hash: Hash) -> Self {
        Self { hash: hash.finish(), unfinished: None, seen: None }
    }

    /// The fingerprint of a list of values: its dimension, what is searched for, and what the caller may see.
    pub fn of_values(dimension: &str, search: &str, caller: &Scope) -> Self {
        let mut hash = Hash::default();
        hash.text(dimension);
        hash.text(search);
        scope(&mut hash, caller);
        Self::timeless(hash)
    }

    /// The fingerprint of a query as it was sent: the same as long as it means the same. Offsets of time zones are multiples of
    /// a quarter of an hour, so nowhere does a day begin within one.
    pub fn of_query(query: &[u8], shape: Shape, caller: &Scope, now: DateTime<Utc>) -> Self {
        let mut hash = Hash::default();
        hash.bytes(query);
        hash.number((shape == Shape::ByRep).into());
        scope(&mut hash, caller);
        hash.bytes(&now.timestamp().div_euclid(900).to_le_bytes());
        Self::timeless(hash)
    }

    /// The etag of the answer to the question over one version of the data, seen from now.
    pub fn etag(&self, data_version: &str) -> String {
        let Self { hash: question, unfinished, seen } = self;
        let mut hash = Hash::default();
        hash.text(question);
        hash.text(data_version);
        hash.text(&format!("{unfinished:?} {seen:?}"));
        hash.finish()
    }

    /// The hash, in hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.hash
    }

    /// When the answer is seen from, where it depends on that: the end of a minute, in seconds of Unix time.
    pub fn seen(&self) -> Option<i64> {
        self.seen
    }
}

fn scope(hash: &mut Hash, scope: &Scope) {
    hash.number(match scope {
        Scope::All => 0,
        Scope::Teams(_) => 1,
        Scope::Reps(_) => 2,
    });
    hash.texts(scope.ids());
}

/// A hash over parts whose boundaries count.
#[derive(Default)]
struct Hash(Hasher);

impl Hash {
    fn number(&mut self, number: usize) {
        self.0.update(&(number as u64).to_le_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len());
        self.0.update(bytes);
    }

    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    fn texts<T: AsRef<str>>(&mut self, texts: impl IntoIterator<Item = T>) {
        let texts: Vec<T> = texts.into_iter().collect();
        self.number(texts.len());
        texts.iter().for_each(|text| self.text(text.as_ref()));
    }

    fn finish(&self) -> String {
        self.0.finalize().to_hex()[..32].to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convert::{PageToken, ResumeToken, ValueToken};
    use crate::engine::Position;
    use crate::error::Error;
    use crate::period::{Calendar, Period};
    use std::collections::BTreeSet;

    /// No two of them show the same: not a team that is called as a rep is, and not ids that are written together.
    fn scopes() -> Vec<Scope> {
        vec![
            Scope::All,
            Scope::teams([""; 0]),
            Scope::reps([""; 0]),
            Scope::teams(["a"]),
            Scope::reps(["a"]),
            Scope::reps(["b"]),
            Scope::reps(["a", "b"]),
            Scope::reps(["ab"]),
            Scope::teams(["a", "b"]),
        ]
    }

    fn question(scope: &Scope) -> Question {
        let day = |text: &str| text.parse().unwrap();
        let period = Period::Dates { first: day("2024-01-01"), last: day("2024-01-31") };
        let timeline = period.resolve(None, Calendar::default(), chrono::Utc::now()).unwrap();
        let kpi = &Catalog::get().kpis()[0];
        Question::new(scope.clone(), vec![kpi], timeline, iso_currency::Currency::USD)
    }

    fn of(scope: &Scope) -> Fingerprint {
        Fingerprint::of(&question(scope), Language::default())
    }

    fn refused<T: std::fmt::Debug>(decoded: crate::error::Result<T>) -> bool {
        matches!(decoded, Err(Error::InvalidToken { .. }))
    }

    #[test]
    fn a_token_of_one_scope_is_refused_in_every_other() {
        for one in &scopes() {
            let values = |scope: &Scope| Fingerprint::of_values("rep", "", scope);
            let place = Position { keys: Vec::new(), bucket: 0, rows: 1 };
            let page = PageToken::new(&of(one), "v", 3).encode();
            let resume = ResumeToken::new(&of(one), "v", place).encode();
            let value = ValueToken::new(&values(one), "x").encode();
            for other in &scopes() {
                let refuses = [
                    refused(PageToken::decode(&page, &of(other), "page_token")),
                    refused(ResumeToken::decode(&resume, &question(other), &of(other), "resume_token")),
                    refused(ValueToken::decode(&value, &values(other), "page_token")),
                ];
                assert_eq!(refuses, [one != other; 3], "of {one:?} in {other:?}");
            }
        }
    }

    #[test]
    fn etags_of_different_scopes_differ() {
        let etags: BTreeSet<String> = scopes().iter().map(|scope| of(scope).etag("v")).collect();
        assert_eq!(etags.len(), scopes().len());
    }

    #[test]
    fn the_same_scope_has_the_same_fingerprint() {
        let text = |ids: &[&str]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(Scope::teams(["b", "", "a", "b"]), Scope::teams(["a", "b"]));
        assert_eq!(of(&Scope::Teams(text(&["b", "", "a", "b"]))), of(&Scope::teams(["a", "b"])));
        assert_eq!(of(&Scope::Reps(text(&[""]))), of(&Scope::reps([""; 0])));
    }
}

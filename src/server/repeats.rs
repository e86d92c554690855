//! Lines about calls that are refused again and again: the first ones are logged, then their number.

use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Dispatch, Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::{LookupSpan, SpanRef};

/// How long lines are counted before their number is logged.
const PERIOD: Duration = Duration::from_secs(60);

/// Reasons, RPCs and callers that are told from each other in a period. Callers can make up any number of names.
const MAX_KINDS: usize = 1000;

/// The field of the lines that have a reason, and of the one that ends a call.
const REASON: &str = "reason";
const ENDED: &str = "ms";

/// The field of the line that tells how many were left out.
const MORE: &str = "more";

/// Leaves out of the log what repeats. Metrics and traces have everything.
#[derive(Clone, Debug)]
pub(super) struct Repeats(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// Lines of one kind that are logged in a period; 0: all.
    first: u64,
    counts: Mutex<HashMap<LineKind, u64>>,
}

/// What is counted together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct LineKind {
    reason: String,
    rpc: String,
    caller: String,
}

/// Who calls, as the call's span says.
struct CallerOf(String);

/// The call's line with a reason was left out: that of its end is, too.
struct LeftOut;

impl Repeats {
    pub fn new(first: usize) -> Self {
        Self(Arc::new(Inner { first: first as u64, counts: Mutex::default() }))
    }

    /// Logs every so often how many were left out, for as long as the program runs.
    pub fn start(&self) {
        let repeats = self.clone();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(PERIOD).await;
                repeats.tell();
            }
        });
    }

    /// Logs how many were left out, and begins to count anew.
    pub fn tell(&self) {
        for (LineKind { reason, rpc, caller }, count) in std::mem::take(&mut *self.counts()) {
            let more = count.saturating_sub(self.0.first);
            if more > 0 {
                tracing::info!(
                    rpc,
                    reason,
                    caller,
                    more,
                    seconds = PERIOD.as_secs(),
                    "left out of the log: more like these"
                );
            }
        }
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<LineKind, u64>> {
        self.0.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a line. Whether it is one of the first of its kind.
    fn is_logged(&self, kind: LineKind) -> bool {
        let mut counts = self.counts();
        let kind = match counts.len() < MAX_KINDS || counts.contains_key(&kind) {
            true => kind,
            false => LineKind { caller: "others".into(), ..kind },
        };
        let count = counts.entry(kind).or_default();
        *count += 1;
        *count <= self.0.first
    }
}

/// A layer that hears of lines only where they are among the first of their kind. (A filter of `tracing-subscriber` that looks
/// at the values of an event leaves its state behind where it is the only one, and the next event gets lost.)
pub(super) struct Thinned<L> {
    layer: L,
    repeats: Repeats,
}

impl Repeats {
    /// Leaves out of a layer what repeats.
    pub fn thin<L>(self, layer: L) -> Thinned<L> {
        Thinned { layer, repeats: self }
    }

    /// Whether a line is logged.
    fn logs<S: Subscriber + for<'a> LookupSpan<'a>>(&self, event: &Event<'_>, context: &Context<'_, S>) -> bool {
        let metadata = event.metadata();
        let fields = metadata.fields();
        // What somebody has to look at is always there.
        if self.0.first == 0 || *metadata.level() == Level::ERROR || !metadata.target().starts_with("crm_kpi") {
            return true;
        }
        let call = || context.event_scope(event).and_then(|mut spans| spans.find(|span| span.name() == "call"));
        if fields.field(ENDED).is_some() {
            return call().is_none_or(|call| call.extensions().get::<LeftOut>().is_none());
        }
        if fields.field(REASON).is_none() || fields.field(MORE).is_some() {
            return true;
        }
        let mut kind = LineKind::default();
        event.record(&mut kind);
        let call = call();
        kind.caller = call.as_ref().and_then(caller).unwrap_or_default();
        let is_logged = self.is_logged(kind);
        if let Some(call) = call
            && !is_logged
        {
            call.extensions_mut().replace(LeftOut);
        }
        is_logged
    }
}

impl<S, L> Layer<S> for Thinned<L>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    L: Layer<S>,
{
    fn on_register_dispatch(&self, subscriber: &Dispatch) {
        self.layer.on_register_dispatch(subscriber);
    }

    fn on_layer(&mut self, subscriber: &mut S) {
        self.layer.on_layer(subscriber);
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        remember(&mut |visit| attributes.record(visit), id, &context);
        self.layer.on_new_span(attributes, id, context);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        remember(&mut |visit| values.record(visit), id, &context);
        self.layer.on_record(id, values, context);
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        if self.repeats.logs(event, &context) {
            self.layer.on_event(event, context);
        }
    }

    fn on_enter(&self, id: &Id, context: Context<'_, S>) {
        self.layer.on_enter(id, context);
    }

    fn on_exit(&self, id: &Id, context: Context<'_, S>) {
        self.layer.on_exit(id, context);
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        self.layer.on_close(id, context);
    }
}

fn caller<'a, S: LookupSpan<'a>>(call: &SpanRef<'a, S>) -> Option<String> {
    call.extensions().get::<CallerOf>().map(|caller| caller.0.clone())
}

fn remember<S: Subscriber + for<'a> LookupSpan<'a>>(
    record: &mut dyn FnMut(&mut dyn Visit),
    id: &Id,
    context: &Context<'_, S>,
) {
    let mut kind = LineKind::default();
    record(&mut kind);
    if !kind.caller.is_empty()
        && let Some(span) = context.span(id)
    {
        span.extensions_mut().replace(CallerOf(kind.caller));
    }
}

impl Visit for LineKind {
    fn record_str(&mut self, field: &Field, value: &str) {
        let place = match field.name() {
            REASON => &mut self.reason,
            "rpc" => &mut self.rpc,
            "caller" => &mut self.caller,
            _ => return,
        };
        value.clone_into(place);
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use tracing_subscriber::filter::LevelFilter;
    use tracing_subscriber::layer::SubscriberExt;

    /// Lines that were logged.
    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl Lines {
        fn with(&self, part: &str) -> usize {
            String::from_utf8_lossy(&self.0.lock().unwrap()).lines().filter(|line| line.contains(part)).count()
        }
    }

    fn call(caller: &'static str, refused: impl FnOnce()) {
        let span = tracing::info_span!("call", rpc = "QueryKpis", caller = tracing::field::Empty);
        span.record("caller", caller);
        span.in_scope(|| {
            refused();
            tracing::info!(code = "InvalidArgument", ms = 1.0, "answered");
        });
    }

    #[test]
    fn what_repeats_is_counted_by_reason_and_caller() {
        let lines = Lines::default();
        let (repeats, writer) = (Repeats::new(3), lines.clone());
        let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(move || writer.clone());
        let subscriber =
            tracing_subscriber::registry().with(repeats.clone().thin(layer).with_filter(LevelFilter::INFO));
        tracing::subscriber::with_default(subscriber, || {
            let bad = |reason: &'static str| tracing::info!(rpc = "QueryKpis", reason, "refused");
            for _ in 0..10 {
                call("ann", || bad("INVALID_REQUEST"));
            }
            call("bob", || bad("INVALID_REQUEST"));
            call("ann", || bad("INVALID_TOKEN"));
            call("ann", || {});
            for _ in 0..10 {
                tracing::error!(rpc = "QueryKpis", reason = "INTERNAL_ERROR", "failed");
            }
            assert_eq!((lines.with("refused"), lines.with("answered")), (5, 6));
            assert_eq!(lines.with("failed"), 10);
            repeats.tell();
            assert_eq!(lines.with("left out"), 1);
            assert_eq!(lines.with("reason=\"INVALID_REQUEST\" caller=\"ann\" more=7"), 1);
            repeats.tell();
            assert_eq!(lines.with("left out"), 1);
            call("ann", || bad("INVALID_REQUEST"));
            assert_eq!(lines.with("refused"), 6);
        });
    }

    #[test]
    fn names_that_callers_make_up_do_not_multiply_what_is_counted() {
        let repeats = Repeats::new(1);
        for n in 0..MAX_KINDS * 3 {
            repeats.is_logged(LineKind { caller: n.to_string(), ..LineKind::default() });
        }
        assert_eq!(repeats.counts().len(), MAX_KINDS + 1);
        assert_eq!(repeats.counts().values().sum::<u64>(), MAX_KINDS as u64 * 3);
    }
}

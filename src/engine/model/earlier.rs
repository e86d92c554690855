use super::question::Question;
use crate::period::Timeline;

/// The period that a question's is compared with.
#[derive(Clone, Debug)]
pub(crate) struct Earlier {
    /// The buckets that correspond to the question's, and what lies between them.
    pub buckets: Timeline,
    /// Where each of the question's buckets finds its counterpart.
    pub places: Vec<Option<usize>>,
    /// The whole of it.
    pub whole: Option<Timeline>,
}

impl Earlier {
    /// Whether the figures of the whole period follow from those of its buckets.
    pub fn whole_follows(whole: &Timeline, buckets: &Timeline) -> bool {
        let days = |timeline: &Timeline| (timeline.first(), timeline.last());
        buckets.buckets.len() > 1 && days(whole) == days(buckets)
    }
}

impl Question {
    /// The period that its own is compared with; none where nothing corresponds to it.
    pub(crate) fn earlier(&self) -> Option<Earlier> {
        let timeline = &self.timeline;
        let compared = timeline.compared(self.compare_to?);
        let (buckets, places) = compared.timeline(timeline)?;
        let whole = compared.whole.map(|whole| Timeline { grain: None, buckets: vec![whole], ..*timeline });
        Some(Earlier { buckets, places, whole })
    }
}

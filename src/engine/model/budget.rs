use crate::memory::Lease;

/// How much the figures of a question may take.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    /// Figures that are held at once.
    pub figures: usize,
    /// The memory that they take.
    pub lease: Lease,
}

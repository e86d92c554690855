//! The figures of one measure: eight bytes each while they fit, sixteen otherwise, nothing where all are 0.

use crate::error::{Error, Result};
use crate::memory::Held;

/// Figures that are made room for at once, about.
const CHUNK: usize = 4096;

/// The slots of all groups, in chunks of groups. A chunk that is not there is all 0.
#[derive(Debug)]
pub(super) struct Cells {
    slots: usize,
    /// Of the number of groups in a chunk.
    log_groups: u32,
    /// What narrow figures are multiples of.
    unit: i128,
    chunks: Chunks,
}

type Of<T> = Vec<Option<Box<[T]>>>;

#[derive(Debug)]
enum Chunks {
    /// In multiples of the unit.
    Narrow(Of<i64>),
    Wide(Of<i128>),
}

impl Cells {
    /// Of groups with so many slots each.
    pub fn new(slots: usize, unit: i128) -> Self {
        let groups = (CHUNK / slots.max(1)).max(1);
        Self { slots, log_groups: groups.ilog2(), unit, chunks: Chunks::Narrow(Vec::new()) }
    }

    /// What figures are multiples of, most likely.
    pub fn unit(&self) -> i128 {
        self.unit
    }

    /// The chunk of a group, and the place of a slot in it.
    fn place(&self, group: usize, slot: usize) -> (usize, usize) {
        let chunk = group >> self.log_groups;
        (chunk, (group - (chunk << self.log_groups)) * self.slots + slot)
    }

    fn length(&self) -> usize {
        self.slots << self.log_groups
    }

    /// Whether all are 0.
    pub fn are_zero(&self) -> bool {
        fn zero<T: Default + PartialEq>(chunks: &Of<T>) -> bool {
            chunks.iter().flatten().all(|cells| cells.iter().all(|cell| *cell == T::default()))
        }
        match &self.chunks {
            Chunks::Narrow(chunks) => zero(chunks),
            Chunks::Wide(chunks) => zero(chunks),
        }
    }

    pub fn get(&self, group: usize, slot: usize) -> i128 {
        let (chunk, place) = self.place(group, slot);
        match &self.chunks {
            Chunks::Narrow(chunks) => match chunks.get(chunk) {
                Some(Some(cells)) => i128::from(cells[place]) * self.unit,
                _ => 0,
            },
            Chunks::Wide(chunks) => match chunks.get(chunk) {
                Some(Some(cells)) => cells[place],
                _ => 0,
            },
        }
    }

    /// Adds to a figure.
    pub fn add(&mut self, group: usize, slot: usize, amount: i128, held: &mut Held) -> Result<()> {
        if amount == 0 {
            return Ok(());
        }
        let ((chunk, place), length) = (self.place(group, slot), self.length());
        if let Chunks::Narrow(chunks) = &mut self.chunks {
            if let Some(amount) = narrow(amount, self.unit) {
                let cell = &mut cells(chunks, chunk, length, held)?[place];
                if let Some(sum) = cell.checked_add(amount) {
                    *cell = sum;
                    return Ok(());
                }
            }
            self.widen(held)?;
        }
        if let Chunks::Wide(chunks) = &mut self.chunks {
            add_to(&mut cells(chunks, chunk, length, held)?[place], amount)?;
        }
        Ok(())
    }

    /// Gives all figures sixteen bytes, chunk by chunk.
    fn widen(&mut self, held: &mut Held) -> Result<()> {
        let Chunks::Narrow(narrow) = &mut self.chunks else { return Ok(()) };
        let mut wide: Of<i128> = Vec::with_capacity(narrow.len());
        for chunk in std::mem::take(narrow) {
            wide.push(match chunk {
                Some(cells) => {
                    held.grow(cells.len() * size_of::<i128>())?;
                    let wider = cells.iter().map(|&cell| i128::from(cell) * self.unit).collect();
                    held.shrink(cells.len() * size_of::<i64>());
                    Some(wider)
                }
                None => None,
            });
        }
        self.chunks = Chunks::Wide(wide);
        Ok(())
    }

    /// Sets all figures to 0.
    pub fn clear(&mut self, held: &mut Held) {
        fn bytes<T>(chunks: &Of<T>) -> usize {
            chunks.iter().flatten().map(|cells| size_of_val(&**cells)).sum()
        }
        held.shrink(match &self.chunks {
            Chunks::Narrow(chunks) => bytes(chunks),
            Chunks::Wide(chunks) => bytes(chunks),
        });
        self.chunks = Chunks::Narrow(Vec::new());
    }
}

/// Adds to a figure. An error where it does not fit.
pub(super) fn add_to(figure: &mut i128, amount: i128) -> Result<()> {
    *figure = figure.checked_add(amount).ok_or_else(|| Error::Overflow("a sum of figures".into()))?;
    Ok(())
}

/// A figure as a multiple of a unit, where it is one.
fn narrow(figure: i128, unit: i128) -> Option<i64> {
    if unit == 1 {
        return i64::try_from(figure).ok();
    }
    let multiple = figure / unit;
    if multiple * unit == figure { i64::try_from(multiple).ok() } else { None }
}

/// The cells of a chunk, made where there are none.
fn cells<'a, T: Copy + Default>(
    chunks: &'a mut Of<T>,
    chunk: usize,
    length: usize,
    held: &mut Held,
) -> Result<&'a mut [T]> {
    if chunks.len() <= chunk {
        chunks.resize_with(chunk + 1, || None);
    }
    let cells = &mut chunks[chunk];
    if cells.is_none() {
        held.grow(length * size_of::<T>())?;
    }
    Ok(cells.get_or_insert_with(|| vec![T::default(); length].into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::Memory;
    use proptest::prelude::*;
    use std::collections::HashMap;

    proptest! {
        /// Whatever is added, each cell is its sum; none runs into another.
        #[test]
        fn each_is_its_sum(
            slots in 1_usize..6000,
            unit in prop_oneof![Just(1), Just(1_000_000_000_000)],
            added in proptest::collection::vec((0_usize..5000, 0_usize..6000, any::<i64>(), 0_usize..12), 1..60),
        ) {
            let mut held = Memory::unlimited().lease().hold();
            let mut cells = Cells::new(slots, unit);
            let mut sums: HashMap<(usize, usize), i128> = HashMap::new();
            for (group, slot, amount, kind) in added {
                // Mostly what fits; sometimes a fraction of a unit, or what only sixteen bytes hold.
                let amount = match kind {
                    0 => i128::from(amount),
                    1 => i128::from(amount) * 1_000_000_000_000 * 7,
                    _ => i128::from(amount / 1000) * unit,
                };
                cells.add(group, slot % slots, amount, &mut held).unwrap();
                *sums.entry((group, slot % slots)).or_default() += amount;
            }
            for ((group, slot), sum) in sums {
                prop_assert_eq!(cells.get(group, slot), sum);
            }
            prop_assert_eq!(cells.get(5001, 0), 0);
        }
    }

    #[test]
    fn a_figure_takes_eight_bytes_until_one_does_not_fit() {
        let memory = Memory::unlimited();
        let lease = memory.lease();
        let mut held = lease.hold();
        let mut cells = Cells::new(100, 1);
        for group in 0..10_000 {
            cells.add(group, 5, 1, &mut held).unwrap();
        }
        let taken = lease.taken();
        assert!((8_000_000..9_000_000).contains(&taken), "{taken}");
        cells.add(0, 5, i128::MAX / 2, &mut held).unwrap();
        lease.trim();
        let taken = lease.taken();
        assert!((16_000_000..18_000_000).contains(&taken), "{taken}");
        assert_eq!((cells.get(0, 5), cells.get(9_999, 5)), (i128::MAX / 2 + 1, 1));
        cells.clear(&mut held);
        lease.trim();
        assert_eq!((cells.get(0, 5), lease.taken()), (0, 0));
    }

    #[test]
    fn what_there_is_no_memory_for_is_an_error() {
        let mut held = Memory::new(100_000).lease().hold();
        let mut cells = Cells::new(2, 1);
        let full = (0..1_000_000).find_map(|group| cells.add(group, 0, 1, &mut held).err());
        assert!(matches!(full, Some(Error::MemoryLimit { .. })), "{full:?}");
    }
}

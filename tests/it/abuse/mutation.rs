//! Bytes that were valid.

use bytes::Bytes;
use rand::{Rng, RngExt};

/// Changes bytes in a few of many ways. `other` is what pieces may be taken from.
pub fn mutate(rng: &mut impl Rng, bytes: &[u8], other: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..[1, 1, 2, 3, 8][rng.random_range(0..5)] {
        let at = rng.random_range(0..=bytes.len());
        let end = at + rng.random_range(0..=(bytes.len() - at).min(16));
        match rng.random_range(0..9) {
            0 if at < bytes.len() => bytes[at] ^= 1 << rng.random_range(0..8),
            1 if at < bytes.len() => bytes[at] = rng.random(),
            2 => bytes.truncate(at),
            3 => bytes.insert(at, rng.random()),
            4 => drop(bytes.drain(at..end)),
            5 => {
                let piece = bytes[at..end].to_vec();
                drop(bytes.splice(at..at, piece));
            }
            6 if !other.is_empty() => {
                let from = rng.random_range(0..other.len());
                let to = from + rng.random_range(0..=(other.len() - from).min(40));
                drop(bytes.splice(at..end, other[from..to].iter().copied()));
            }
            // A field that is longer than all, or a number as large as can be.
            7 => drop(bytes.splice(at..end, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01])),
            8 => {
                // Texts in odd scripts, and what ends texts elsewhere.
                let texts = ["\0", "'", "\u{202e}", "é", "%", "\u{1f600}", "9999999999", "-1", "\r\n"];
                drop(bytes.splice(at..at, texts[rng.random_range(0..texts.len())].bytes()));
            }
            _ => {}
        }
    }
    bytes
}

/// Changes a few bytes in place: most of what comes out can still be decoded.
pub fn nudge(rng: &mut impl Rng, bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..[1, 1, 1, 2, 4][rng.random_range(0..5)] {
        if bytes.is_empty() {
            break;
        }
        let at = rng.random_range(0..bytes.len());
        bytes[at] = match rng.random_range(0..4) {
            0 => bytes[at].wrapping_add(1),
            1 => bytes[at] & 0x7f ^ 1,
            2 => rng.random_range(0x20..0x7f),
            _ => rng.random_range(0..0x20),
        };
    }
    bytes
}

/// Puts the prefix before a message; now and then a wrong one.
pub fn frame(rng: &mut impl Rng, message: &[u8]) -> Bytes {
    let mut frame = super::raw::framed_bytes(message).to_vec();
    if rng.random_range(0..20) == 0 {
        match rng.random_range(0..4) {
            0 => frame[rng.random_range(0..5)] = rng.random(),
            1 => frame.truncate(rng.random_range(0..=frame.len())),
            2 => frame.extend_from_within(..),
            _ => frame.push(rng.random()),
        }
    }
    frame.into()
}

use prost::Message;
use prost::encoding::encoded_len_varint;

/// Bytes that a message is filled up to: what clients accept by default (4 MiB), less room for tokens.
pub(super) const MAX_MESSAGE: usize = 4 * 1024 * 1024 - 128 * 1024;

/// Rows of a page at most.
pub(super) const MAX_PAGE: usize = 10_000;

/// Bytes that an entry of a cache takes beside what it holds, about: where it is found, and in which order entries go.
pub(super) const ENTRY: usize = 512;

/// Bytes that a message takes as a repeated field of another.
pub(super) fn in_message(message: &impl Message) -> usize {
    let length = message.encoded_len();
    1 + encoded_len_varint(length as u64) + length
}

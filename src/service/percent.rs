//! How the text of a status travels (`grpc-message`).

use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode, percent_encode};
use std::borrow::Cow;

const MESSAGE: HeaderName = HeaderName::from_static("grpc-message");

/// What the protocol has escaped: "%", and everything that is not a printable character of ASCII.
const ESCAPED: &AsciiSet = &CONTROLS.add(b'%');

/// What stands for the end of a text that was cut.
const CUT: char = '…';

fn encode(text: &[u8]) -> String {
    let plain = text.trim_ascii();
    let (before, after) = text.split_at(text.len() - text.trim_ascii_start().len());
    let after = &after[plain.len()..];
    // A header neither begins nor ends with a blank (RFC 9113, 8.2.1).
    let blanks = |blanks: &[u8]| blanks.iter().map(|byte| format!("%{byte:02X}")).collect::<String>();
    [blanks(before), percent_encode(plain, ESCAPED).to_string(), blanks(after)].concat()
}

/// Bytes that a text takes when it travels.
pub(super) fn encoded_len(text: &str) -> usize {
    text.bytes().map(encoded_len_of).sum()
}

fn encoded_len_of(byte: u8) -> usize {
    if byte == b'%' || !(b' '..=b'~').contains(&byte) { 3 } else { 1 }
}

/// A text of at most so many bytes when it travels.
pub(super) fn cut(text: &str, room: usize) -> String {
    if encoded_len(text) <= room {
        return text.to_owned();
    }
    let mut left = room.saturating_sub(CUT.len_utf8() * 3);
    let fits = |c: &char| {
        let mut bytes = [0; 4];
        let needed = encoded_len(c.encode_utf8(&mut bytes));
        let fits = needed <= left;
        left = left.saturating_sub(needed);
        fits
    };
    text.chars().take_while(fits).chain([CUT]).collect()
}

/// Writes the message of a status as the protocol has it. The library escapes more than it asks for, which grpc-js shows:
/// it reads messages with `decodeURI`, to which "%3F" is not a question mark and "%23" no number sign.
pub fn respell(headers: &mut HeaderMap) {
    let Some(value) = headers.get_mut(MESSAGE) else { return };
    if !value.as_bytes().contains(&b'%') {
        return;
    }
    let decoded: Cow<'_, [u8]> = percent_decode(value.as_bytes()).into();
    // Nothing but printable characters is in it.
    if let Ok(plain) = HeaderValue::try_from(encode(&decoded)) {
        *value = plain;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_must_be_is_escaped() {
        let of = |text: &str| {
            let status = tonic::Status::new(tonic::Code::Internal, text);
            let mut headers = status.into_http::<()>().into_parts().0.headers;
            respell(&mut headers);
            headers[MESSAGE].to_str().unwrap().to_owned()
        };
        let plain = " !\"#$&'()*+,-./0123456789:;<=>?@AZ[\\]^_`az{|}~".trim_start();
        assert_eq!(of(plain), plain);
        assert_eq!(of("100 % sure?"), "100 %25 sure?");
        assert_eq!(of("%3F"), "%253F");
        assert_eq!(of(" a b "), "%20a b%20");
        assert_eq!(of("a\r\nb\t\u{7f}"), "a%0D%0Ab%09%7F");
        assert_eq!(of("客户…"), "%E5%AE%A2%E6%88%B7%E2%80%A6");
        for text in [plain, "100 % sure?", "a\r\nb\t", "客户…"] {
            let written = of(text);
            assert_eq!(percent_decode(written.as_bytes()).decode_utf8().unwrap(), text);
            assert_eq!(
                encoded_len(text),
                encode(text.trim().as_bytes()).len() + if text.ends_with('\t') { 3 } else { 0 }
            );
        }
    }

    #[test]
    fn a_text_is_cut_by_the_bytes_that_travel() {
        assert_eq!(cut("short", 5), "short");
        assert_eq!(cut("a long text", 11), "a long text");
        assert_eq!(cut("a long text", 10), "a…");
        let long = "客".repeat(100);
        let short = cut(&long, 100);
        assert_eq!((short.chars().count(), encoded_len(&short)), (11, 99));
        assert_eq!(cut(&long, 0), "…");
    }
}

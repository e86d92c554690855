use crate::database::times::text::instant;
use sea_orm::Value;

/// Appends a value in the text form of PostgreSQL's COPY, without a delimiter. False for a value of a type that no column of
/// the schema has.
pub fn write(line: &mut Vec<u8>, value: &Value) -> bool {
    let written = match value {
        Value::String(text) => text.as_ref().map(|text| write_text(line, text)),
        Value::Int(number) => number.map(|number| write_number(line, number.into())),
        Value::BigInt(number) => number.map(|number| write_number(line, number)),
        Value::Bool(flag) => flag.map(|flag| line.push(if flag { b't' } else { b'f' })),
        Value::ChronoDate(day) => day.map(|day| line.extend(day.to_string().bytes())),
        Value::ChronoDateTimeUtc(at) => at.as_ref().map(|at| line.extend(instant(at).bytes())),
        _ => return false,
    };
    if written.is_none() {
        line.extend(b"\\N");
    }
    true
}

fn write_text(line: &mut Vec<u8>, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'\\' => line.extend(b"\\\\"),
            b'\t' => line.extend(b"\\t"),
            b'\n' => line.extend(b"\\n"),
            b'\r' => line.extend(b"\\r"),
            byte => line.push(byte),
        }
    }
}

fn write_number(line: &mut Vec<u8>, number: i64) {
    line.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: impl Into<Value>) -> String {
        let mut line = Vec::new();
        assert!(write(&mut line, &value.into()));
        String::from_utf8(line).unwrap()
    }

    #[test]
    fn values_have_the_text_form_of_copy() {
        assert_eq!(written("a\tb\\N\r\n"), "a\\tb\\\\N\\r\\n");
        assert_eq!(written(None::<String>), "\\N");
        assert_eq!(written(i64::MIN), i64::MIN.to_string());
        assert_eq!((written(0), written(-7), written(1203)), ("0".into(), "-7".into(), "1203".into()));
        assert_eq!((written(true), written(None::<i32>)), ("t".into(), "\\N".into()));
        assert_eq!(written("2024-02-29".parse::<chrono::NaiveDate>().unwrap()), "2024-02-29");
        assert!(!write(&mut Vec::new(), &Value::Double(Some(1.0))));
    }
}

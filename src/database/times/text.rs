use chrono::{DateTime, Datelike, Timelike, Utc};

/// An instant as it is stored in SQLite, and as PostgreSQL reads it: RFC 3339 in UTC with `+00:00`.
pub fn instant(at: &DateTime<Utc>) -> String {
    let (year, month, day) = (at.year(), at.month(), at.day());
    if !(0..=9999).contains(&year) || at.nanosecond() != 0 {
        return at.to_rfc3339();
    }
    let mut text = String::with_capacity(25);
    let two = |text: &mut String, number: u32, then: char| {
        text.push(digit(number / 10));
        text.push(digit(number));
        text.push(then);
    };
    text.push(digit(year.unsigned_abs() / 1000));
    text.push(digit(year.unsigned_abs() / 100));
    two(&mut text, year.unsigned_abs(), '-');
    two(&mut text, month, '-');
    two(&mut text, day, 'T');
    two(&mut text, at.hour(), ':');
    two(&mut text, at.minute(), ':');
    two(&mut text, at.second(), '+');
    text.push_str("00:00");
    text
}

/// The last digit of a number.
fn digit(number: u32) -> char {
    char::from(b'0' + (number % 10) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_as_the_driver_writes_them() {
        for text in ["0987-01-02T03:04:05Z", "2024-12-31T23:59:09Z", "2024-02-29T00:00:00.250Z", "1969-12-31T10:20:30Z"]
        {
            let at: DateTime<Utc> = text.parse().unwrap();
            assert_eq!(instant(&at), at.to_rfc3339());
        }
    }
}

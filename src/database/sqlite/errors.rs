//! SQLite's result codes: <https://sqlite.org/rescode.html>. The lowest byte is the kind, the rest tells more.

use crate::database::cause::Cause;
use crate::database::errors::{Class, Interruption};

/// What a code means. One of them stands for all that is wrong with a statement: only the text tells these apart, which is
/// never translated.
pub fn classify(code: i32, message: &str) -> Class {
    match code {
        // SQLITE_ERROR_RETRY, SQLITE_ERROR_SNAPSHOT.
        0x201 | 0x301 => return Class::Interrupted(Interruption::Stale),
        // SQLITE_READONLY_DBMOVED: the file is another one now.
        0x408 => return Class::Unavailable,
        // SQLITE_IOERR_NOMEM.
        0xc0a => return Class::Overloaded,
        _ => {}
    }
    match code & 0xff {
        1 if message.starts_with("no such table") || message.starts_with("no such column") => Class::NoTable,
        1 if message == "integer overflow" => Class::Overflow,
        1 => Class::Other,
        // SQLITE_INTERNAL.
        2 => Class::Other,
        // SQLITE_PERM, SQLITE_READONLY, SQLITE_AUTH: reading a file in WAL mode may take writing beside it.
        3 | 8 | 23 => Class::NoPermission,
        // SQLITE_ABORT, SQLITE_INTERRUPT.
        4 | 9 => Class::Interrupted(Interruption::Cancelled),
        // SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: other connections.
        5 | 6 | 15 => Class::Interrupted(Interruption::Locked),
        // SQLITE_NOMEM, SQLITE_FULL.
        7 | 13 => Class::Overloaded,
        // SQLITE_IOERR, SQLITE_CANTOPEN.
        10 | 14 => Class::Unavailable,
        // SQLITE_SCHEMA.
        17 => Class::Interrupted(Interruption::Stale),
        // SQLITE_CORRUPT, SQLITE_NOTFOUND, SQLITE_EMPTY, SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_MISUSE,
        // SQLITE_NOLFS, SQLITE_FORMAT, SQLITE_RANGE, SQLITE_NOTADB; what is no error; and codes to come.
        _ => Class::Other,
    }
}

/// What a code means for whoever opens the file.
pub fn cause(code: &str, message: &str) -> Cause {
    match code.parse::<u32>().map(|code| code & 0xff) {
        Ok(1) if message.starts_with("no such table") || message.starts_with("no such column") => Cause::NoTable,
        Ok(5 | 6) => Cause::Locked,
        Ok(8) => Cause::ReadOnlyFile,
        Ok(10 | 13) => Cause::Disk,
        Ok(11) => Cause::Damaged,
        Ok(3 | 14) => Cause::NoFile,
        Ok(26) => Cause::NotADatabase,
        Ok(code) => Cause::Code(code.to_string()),
        Err(_) => Cause::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_decided_whatever_more_it_tells() {
        use Interruption::{Cancelled, Locked, Stale};
        let kinds = [
            (1, Class::Other),
            (2, Class::Other),
            (3, Class::NoPermission),
            (4, Class::Interrupted(Cancelled)),
            (5, Class::Interrupted(Locked)),
            (6, Class::Interrupted(Locked)),
            (7, Class::Overloaded),
            (8, Class::NoPermission),
            (9, Class::Interrupted(Cancelled)),
            (10, Class::Unavailable),
            (11, Class::Other),
            (12, Class::Other),
            (13, Class::Overloaded),
            (14, Class::Unavailable),
            (15, Class::Interrupted(Locked)),
            (16, Class::Other),
            (17, Class::Interrupted(Stale)),
            (18, Class::Other),
            (19, Class::Other),
            (20, Class::Other),
            (21, Class::Other),
            (22, Class::Other),
            (23, Class::NoPermission),
            (24, Class::Other),
            (25, Class::Other),
            (26, Class::Other),
        ];
        for (code, expected) in kinds {
            assert_eq!(classify(code, ""), expected, "{code}");
            assert_eq!(classify(code | 0x1f00, ""), expected, "{code} with more");
        }
    }

    #[test]
    fn extended_codes_that_differ_from_their_kind() {
        let codes = [
            ("SQLITE_ERROR_MISSING_COLLSEQ", 257, Class::Other),
            ("SQLITE_ERROR_RETRY", 513, Class::Interrupted(Interruption::Stale)),
            ("SQLITE_ERROR_SNAPSHOT", 769, Class::Interrupted(Interruption::Stale)),
            ("SQLITE_BUSY_RECOVERY", 261, Class::Interrupted(Interruption::Locked)),
            ("SQLITE_BUSY_SNAPSHOT", 517, Class::Interrupted(Interruption::Locked)),
            ("SQLITE_READONLY_DIRECTORY", 1544, Class::NoPermission),
            ("SQLITE_READONLY_DBMOVED", 1032, Class::Unavailable),
            ("SQLITE_IOERR_READ", 266, Class::Unavailable),
            ("SQLITE_IOERR_NOMEM", 3082, Class::Overloaded),
            ("SQLITE_CANTOPEN_ISDIR", 526, Class::Unavailable),
        ];
        for (name, code, expected) in codes {
            assert_eq!(classify(code, ""), expected, "{name}");
        }
    }

    #[test]
    fn the_text_tells_what_is_wrong_with_a_statement() {
        assert_eq!(classify(1, "no such table: deals"), Class::NoTable);
        assert_eq!(classify(1, "no such column: o.amount"), Class::NoTable);
        assert_eq!(classify(1, "integer overflow"), Class::Overflow);
        assert_eq!(classify(1, "near \"x\": syntax error"), Class::Other);
    }
}

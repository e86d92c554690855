//! PostgreSQL's codes (SQLSTATE): appendix A of its manual.

use crate::database::cause::Cause;
use crate::database::errors::{Class, Interruption};

/// What a code means. Where one code has several meanings, the server's function that reports it tells them apart: the text
/// may be in any language.
pub fn classify(code: &str, routine: Option<&str>) -> Class {
    match code {
        // A prepared statement of before a change of the schema, or of another session behind a pooler.
        "0A000" if routine == Some("RevalidateCachedQuery") => return Class::Interrupted(Interruption::Stale),
        "22003" => return Class::Overflow,
        // Timeouts that end a session within a transaction: idle, and of the transaction itself.
        "25P03" | "25P04" => return Class::Interrupted(Interruption::Cancelled),
        // No such schema, table, column.
        "3F000" | "42P01" | "42703" => return Class::NoTable,
        "40002" => return Class::Other,
        "40P01" => return Class::Interrupted(Interruption::Deadlock),
        "42501" => return Class::NoPermission,
        "42P05" => return Class::Interrupted(Interruption::Stale),
        "55P03" => return Class::Interrupted(Interruption::Locked),
        "57P01" | "57P02" => return Class::Interrupted(Interruption::Terminated),
        // It starts, or the database was dropped.
        "57P03" | "57P04" => return Class::Unavailable,
        "58P01" | "58P02" | "58P03" => return Class::Other,
        "HV001" => return Class::Overloaded,
        "HV00N" => return Class::Unavailable,
        _ => {}
    }
    match code.get(..2).unwrap_or_default() {
        // Connection exceptions: poolers report what happened to the connection behind them so.
        "08" => Class::Interrupted(Interruption::Lost),
        // A name of a prepared statement that the session does not know.
        "26" => Class::Interrupted(Interruption::Stale),
        // Who may connect, to which database.
        "28" | "3D" => Class::Unavailable,
        // The transaction was rolled back: serialization failures, conflicts with recovery.
        "40" => Class::Interrupted(Interruption::Conflict),
        // Connections, memory, disk, limits that the server's configuration sets.
        "53" => Class::Overloaded,
        // Operator intervention: a statement's timeout, a cancel, a session's timeout.
        "57" => Class::Interrupted(Interruption::Cancelled),
        // The system below the server fails.
        "58" => Class::Unavailable,
        // Snapshot too old.
        "72" => Class::Interrupted(Interruption::Stale),
        // No error: completion, warnings, no data.
        "00" | "01" | "02" => Class::Other,
        // Statements, cursors, routines, what was not ours to write.
        "03" | "09" | "0A" | "0B" | "0F" | "0L" | "0P" | "0Z" | "10" | "20" | "21" | "24" | "25" | "27" | "2B"
        | "2D" | "2F" | "34" | "38" | "39" | "3B" | "3F" | "42" | "44" | "54" | "55" => Class::Other,
        // Values that are not what an expression expects; constraints.
        "22" | "23" => Class::Other,
        // Configuration, foreign data, procedures, faults of the server itself, corruption.
        "F0" | "HV" | "P0" | "XX" => Class::Other,
        // Classes of extensions and of servers to come.
        _ => Class::Other,
    }
}

/// What a code means for whoever connects.
pub fn cause(code: &str, message: &str) -> Cause {
    match code {
        "28P01" => Cause::WrongPassword,
        "28000" => Cause::NotLetIn,
        "3D000" => Cause::NoDatabase,
        "42501" => Cause::NoPermission,
        "42P01" | "42703" | "3F000" => Cause::NoTable,
        "53300" => Cause::TooManyConnections,
        "53100" | "58030" => Cause::Disk,
        "57P01" | "57P02" | "57P03" => Cause::StartingOrStopping,
        // PgBouncer has one code for everything of its own; its texts are never translated.
        "08P01" if message.starts_with("unsupported startup parameter") => Cause::StartupParameters,
        "08P01" if message.starts_with("no such database") => Cause::NoDatabase,
        _ if code.len() == 5 => Cause::Code(code.to_owned()),
        _ => Cause::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The classes that PostgreSQL 18's manual lists, each with what a code of it that is not told apart means.
    const CLASSES: [(&str, Class); 45] = {
        use Interruption::{Cancelled, Conflict, Lost, Stale};
        [
            ("00", Class::Other),
            ("01", Class::Other),
            ("02", Class::Other),
            ("03", Class::Other),
            ("08", Class::Interrupted(Lost)),
            ("09", Class::Other),
            ("0A", Class::Other),
            ("0B", Class::Other),
            ("0F", Class::Other),
            ("0L", Class::Other),
            ("0P", Class::Other),
            ("0Z", Class::Other),
            ("10", Class::Other),
            ("20", Class::Other),
            ("21", Class::Other),
            ("22", Class::Other),
            ("23", Class::Other),
            ("24", Class::Other),
            ("25", Class::Other),
            ("26", Class::Interrupted(Stale)),
            ("27", Class::Other),
            ("28", Class::Unavailable),
            ("2B", Class::Other),
            ("2D", Class::Other),
            ("2F", Class::Other),
            ("34", Class::Other),
            ("38", Class::Other),
            ("39", Class::Other),
            ("3B", Class::Other),
            ("3D", Class::Unavailable),
            ("3F", Class::Other),
            ("40", Class::Interrupted(Conflict)),
            ("42", Class::Other),
            ("44", Class::Other),
            ("53", Class::Overloaded),
            ("54", Class::Other),
            ("55", Class::Other),
            ("57", Class::Interrupted(Cancelled)),
            ("58", Class::Unavailable),
            ("72", Class::Interrupted(Stale)),
            ("F0", Class::Other),
            ("HV", Class::Other),
            ("P0", Class::Other),
            ("XX", Class::Other),
            ("ZZ", Class::Other),
        ]
    };

    /// Codes that services meet, by their names in the manual.
    const CODES: [(&str, &str, Class); 33] = {
        use Interruption::{Cancelled, Conflict, Deadlock, Locked, Lost, Stale, Terminated};
        [
            ("connection_exception", "08000", Class::Interrupted(Lost)),
            ("connection_failure", "08006", Class::Interrupted(Lost)),
            ("protocol_violation", "08P01", Class::Interrupted(Lost)),
            ("numeric_value_out_of_range", "22003", Class::Overflow),
            ("division_by_zero", "22012", Class::Other),
            ("invalid_text_representation", "22P02", Class::Other),
            ("in_failed_sql_transaction", "25P02", Class::Other),
            ("idle_in_transaction_session_timeout", "25P03", Class::Interrupted(Cancelled)),
            ("transaction_timeout", "25P04", Class::Interrupted(Cancelled)),
            ("invalid_sql_statement_name", "26000", Class::Interrupted(Stale)),
            ("invalid_authorization_specification", "28000", Class::Unavailable),
            ("invalid_password", "28P01", Class::Unavailable),
            ("invalid_catalog_name", "3D000", Class::Unavailable),
            ("invalid_schema_name", "3F000", Class::NoTable),
            ("transaction_integrity_constraint_violation", "40002", Class::Other),
            ("serialization_failure", "40001", Class::Interrupted(Conflict)),
            ("deadlock_detected", "40P01", Class::Interrupted(Deadlock)),
            ("insufficient_privilege", "42501", Class::NoPermission),
            ("syntax_error", "42601", Class::Other),
            ("undefined_column", "42703", Class::NoTable),
            ("undefined_table", "42P01", Class::NoTable),
            ("duplicate_prepared_statement", "42P05", Class::Interrupted(Stale)),
            ("disk_full", "53100", Class::Overloaded),
            ("out_of_memory", "53200", Class::Overloaded),
            ("too_many_connections", "53300", Class::Overloaded),
            ("lock_not_available", "55P03", Class::Interrupted(Locked)),
            ("query_canceled", "57014", Class::Interrupted(Cancelled)),
            ("admin_shutdown", "57P01", Class::Interrupted(Terminated)),
            ("crash_shutdown", "57P02", Class::Interrupted(Terminated)),
            ("cannot_connect_now", "57P03", Class::Unavailable),
            ("idle_session_timeout", "57P05", Class::Interrupted(Cancelled)),
            ("io_error", "58030", Class::Unavailable),
            ("data_corrupted", "XX001", Class::Other),
        ]
    };

    #[test]
    fn every_class_is_decided() {
        for (class, expected) in CLASSES {
            assert_eq!(classify(&format!("{class}ZZZ"), None), expected, "{class}");
        }
    }

    #[test]
    fn codes_mean_what_the_manual_says() {
        for (name, code, expected) in CODES {
            assert_eq!(classify(code, None), expected, "{name}");
        }
    }

    /// Read as numbers and masked as SQLite's are, all of these would be SQLITE_BUSY, SQLITE_LOCKED, SQLITE_IOERR or
    /// SQLITE_CANTOPEN.
    #[test]
    fn no_code_is_read_as_one_of_sqlite() {
        let masked = |code: u32| [5, 6, 10, 14].contains(&(code & 0xff));
        let alike = (22_000..60_000).filter(|&code| masked(code)).map(|code| format!("{code:05}"));
        let mut count = 0;
        for code in alike.filter(|code| ["22", "23", "42", "54", "55"].contains(&&code[..2])) {
            let class = classify(&code, None);
            assert!(matches!(class, Class::Other | Class::NoPermission), "{code}: {class:?}");
            count += 1;
        }
        assert!(count > 50);
        assert!(masked(42_501));
    }

    #[test]
    fn what_a_changed_schema_outdates_is_told_by_the_function_that_says_so() {
        assert_eq!(classify("0A000", Some("RevalidateCachedQuery")), Class::Interrupted(Interruption::Stale));
        assert_eq!(classify("0A000", Some("transformSelectStmt")), Class::Other);
    }

    #[test]
    fn what_is_no_code_is_decided_too() {
        for code in ["", "4", "é0000", "42", "(unknown)"] {
            assert_eq!(classify(code, None), Class::Other, "{code:?}");
        }
    }
}

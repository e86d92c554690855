//! A statement on several lines.

/// What begins a line of a statement.
const CLAUSES: [&str; 9] =
    ["WITH ", "SELECT ", "FROM ", "LEFT JOIN ", "INNER JOIN ", "WHERE ", "AND ", "GROUP BY ", "ORDER BY "];

/// A statement with a line for each of its columns, tables and conditions. What stands in parentheses stays on one line.
pub(super) fn lines(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len() + sql.len() / 8);
    let (mut depth, mut quote, mut selecting) = (0_usize, None, false);
    for (at, character) in sql.char_indices() {
        let rest = &sql[at..];
        let after_space = at > 0 && sql[..at].ends_with(' ');
        match (quote, character) {
            (Some(open), _) => quote = Some(open).filter(|open| *open != character),
            (None, '"' | '\'') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, _) if depth == 0 && after_space => {
                if let Some(clause) = CLAUSES.iter().find(|clause| rest.starts_with(**clause)) {
                    out.truncate(out.trim_end().len());
                    out.push_str(if *clause == "AND " { "\n  " } else { "\n" });
                    selecting = *clause == "SELECT ";
                }
            }
            _ => {}
        }
        if at == 0 {
            selecting = rest.starts_with("SELECT ");
        }
        out.push(character);
        if depth == 0 && quote.is_none() && character == ',' && selecting {
            out.push_str("\n ");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn clauses_begin_lines_outside_of_parentheses_and_quotes() {
        let sql = "SELECT \"a FROM b\", MAX(c, (SELECT 1 FROM d)) FROM \"e\" LEFT JOIN f ON g WHERE h = ', AND ' AND (i AND j)";
        let expected = "SELECT \"a FROM b\",\n  MAX(c, (SELECT 1 FROM d))\nFROM \"e\"\nLEFT JOIN f ON g\nWHERE h = ', AND '\n  AND (i AND j)";
        assert_eq!(lines(sql), expected);
    }
}

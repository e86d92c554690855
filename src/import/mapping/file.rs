use super::value::folded;
use crate::import::records::{Record, Records};
use crate::import::report::Problem;
use csv::{ByteRecord, StringRecord};
use std::path::Path;

/// A file's header and lines.
#[derive(Debug)]
pub struct File {
    /// Its name, as the mapping has it.
    pub name: String,
    /// The names of its columns.
    pub header: Vec<String>,
    /// Its lines, without those that cannot be read.
    pub lines: Vec<Line>,
    /// What is wrong with lines that cannot be read.
    pub bad: Vec<Problem>,
}

/// How a file is laid out.
#[derive(Clone, Debug)]
pub struct Layout {
    /// What is between cells; a first line such as `sep=;` says otherwise.
    pub delimiter: char,
    /// How many lines there are before the header, or before where it is looked for.
    pub skip_lines: u64,
    /// Columns that tell the header from the lines before it; without any the header is the first line.
    pub header: Vec<String>,
    /// What the first line after the rows begins with, folded.
    pub footer: Vec<String>,
}

/// A line: a record, which may span several.
#[derive(Clone, Debug)]
pub struct Line {
    /// The number of the line in the file that it begins on, from 1.
    pub number: u64,
    /// As many cells as the header has.
    pub cells: StringRecord,
}

impl File {
    /// Reads a CSV file, with or without a byte order mark. An error is a sentence about the whole file.
    pub fn read(folder: &Path, name: &str, layout: &Layout) -> Result<Self, String> {
        let bytes = std::fs::read(folder.join(name)).map_err(|error| format!("cannot read {name}: {error}"))?;
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
        if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
            return Err(format!("{name} is UTF-16: save it as UTF-8"));
        }
        let named = named_delimiter(bytes);
        let delimiter = match named {
            Some(delimiter) => delimiter,
            None => {
                u8::try_from(layout.delimiter).map_err(|_| "the delimiter must be an ASCII character".to_owned())?
            }
        };
        let skipped = layout.skip_lines.saturating_add(u64::from(named.is_some()));
        let bytes = without_lines(bytes, skipped);
        let unreadable = |error| format!("cannot read {name}: {error}");
        let mut records = Records::new(bytes, delimiter).map_err(unreadable)?.starting_at(skipped.saturating_add(1));
        let mut file = Self { name: name.to_owned(), header: Vec::new(), lines: Vec::new(), bad: Vec::new() };
        let mut record = Record::default();
        while records.read(&mut record).map_err(unreadable)? {
            let number = record.line;
            let cells: ByteRecord = (0..record.len()).map(|place| record.cell(place).0).collect();
            if file.header.is_empty() && !layout.is_header(&cells) {
                continue;
            }
            match StringRecord::from_byte_record(cells) {
                Ok(cells) if file.header.is_empty() => {
                    file.header = cells.iter().map(|cell| cell.trim().to_owned()).collect();
                }
                Ok(cells) if layout.is_footer(&cells) => break,
                Ok(cells) if cells.iter().all(|cell| cell.trim().is_empty()) => {}
                Ok(cells) => file.add(number, cells),
                Err(_) if file.header.is_empty() => {
                    return Err(format!("the first line of {name} is not UTF-8: save it as UTF-8"));
                }
                Err(error) => {
                    let cell = error.utf8_error().field();
                    let value = String::from_utf8_lossy(record.cell(cell).0).into_owned();
                    file.refuse(number, Some(cell), Some(value), "not UTF-8: save the file as UTF-8".into());
                }
            }
        }
        if !file.header.is_empty() {
            return Ok(file);
        }
        Err(match layout.header.as_slice() {
            [] => format!("{name} is empty: its first line must name the columns"),
            names => {
                format!("no line of {name} has all of the columns in `header`: {}", names.join(", "))
            }
        })
    }

    fn add(&mut self, number: u64, cells: StringRecord) {
        if cells.len() != self.header.len() {
            let reason = format!("{} fields, but the header has {}", cells.len(), self.header.len());
            self.refuse(number, None, None, reason);
        } else if let Some(cell) = cells.iter().position(|cell| cell.contains('\0')) {
            let value = cells.get(cell).map(str::to_owned);
            self.refuse(number, Some(cell), value, "holds a NUL character".into());
        } else {
            self.lines.push(Line { number, cells });
        }
    }

    fn refuse(&mut self, line: u64, cell: Option<usize>, value: Option<String>, reason: String) {
        let column = cell.and_then(|cell| self.header.get(cell)).cloned();
        self.bad.push(Problem { file: self.name.clone(), line, column, value, reason });
    }
}

impl Layout {
    fn is_header(&self, record: &ByteRecord) -> bool {
        self.header.iter().all(|name| record.iter().any(|cell| cell.trim_ascii() == name.as_bytes()))
    }

    fn is_footer(&self, cells: &StringRecord) -> bool {
        !self.footer.is_empty() && {
            let first = folded(cells.get(0).unwrap_or_default());
            self.footer.iter().any(|text| first.starts_with(text.as_str()))
        }
    }
}

/// The delimiter that a first line names for Excel, such as `sep=;`.
fn named_delimiter(bytes: &[u8]) -> Option<u8> {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    match line {
        [s, e, p, b'=', delimiter] if [*s, *e, *p].eq_ignore_ascii_case(b"sep") => {
            Some(*delimiter).filter(|delimiter| delimiter.is_ascii() && *delimiter != b'"')
        }
        _ => None,
    }
}

/// What follows the first lines.
fn without_lines(bytes: &[u8], count: u64) -> &[u8] {
    let mut rest = bytes;
    for _ in 0..count {
        match rest.iter().position(|byte| *byte == b'\n') {
            Some(end) => rest = &rest[end + 1..],
            None => return &[],
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_bytes_panic(
            bytes in prop::collection::vec(prop::sample::select(b"se=p;,\"\r\nab\xEF\xBB\xBF\0 ".to_vec()), 0..60),
            skip_lines in 0_u64..4,
            header in prop::collection::vec("[ab]?", 0..2),
        ) {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join("a.csv"), bytes).unwrap();
            let layout = Layout { skip_lines, header, footer: vec!["a".into()], ..layout(',') };
            if let Ok(file) = File::read(folder.path(), "a.csv", &layout) {
                prop_assert!(file.lines.iter().all(|line| line.cells.len() == file.header.len()));
                prop_assert!(file.lines.is_sorted_by_key(|line| line.number));
            }
        }
    }

    fn layout(delimiter: char) -> Layout {
        Layout { delimiter, skip_lines: 0, header: Vec::new(), footer: Vec::new() }
    }

    /// A header, and lines by their numbers.
    type Shown = (Vec<String>, Vec<(u64, String)>);

    fn lines(text: &[u8], delimiter: char) -> Shown {
        laid_out(text, &layout(delimiter)).unwrap()
    }

    fn laid_out(text: &[u8], layout: &Layout) -> Result<Shown, String> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.csv"), text).unwrap();
        let file = File::read(folder.path(), "a.csv", layout)?;
        assert_eq!(file.bad, []);
        let cells = |line: &Line| (line.number, line.cells.iter().collect::<Vec<_>>().join("|"));
        Ok((file.header, file.lines.iter().map(cells).collect()))
    }

    #[test]
    fn lines_keep_their_numbers() {
        let expected = vec![(2, "1|2".into()), (5, "3|x\ny".into()), (7, "4|5".into())];
        let text = "a,b\n1,2\n\n\n3,\"x\ny\"\n4,5";
        assert_eq!(lines(text.as_bytes(), ',').1, expected);
        let text = "\u{feff}a,b\r\n1,2\r\n\r\n\r\n3,\"x\ny\"\r\n4,5\r\n";
        assert_eq!(lines(text.as_bytes(), ','), (vec!["a".into(), "b".into()], expected));
    }

    #[test]
    fn delimiters_may_differ() {
        assert_eq!(lines(b"a;b\n1,5;2\n", ';').1, [(2, "1,5|2".into())]);
        assert_eq!(lines(b"a\tb\n1\t2\n", '\t').1, [(2, "1|2".into())]);
    }

    #[test]
    fn the_header_and_the_end_are_found() {
        let text =
            b"sep=;\r\nReport of \xE9t\xE9\r\n\r\nas of;2024\r\nid; name\r\n1;A\r\n;\r\n2;B\r\nTOTAL (2)\r\n9;9;9\r\n";
        let expected = (vec!["id".to_owned(), "name".to_owned()], vec![(6, "1|A".to_owned()), (8, "2|B".to_owned())]);
        let named = Layout { header: vec!["name".into()], footer: vec!["total".into()], ..layout(',') };
        assert_eq!(laid_out(text, &named), Ok(expected.clone()), "the file's own word on the delimiter");
        let counted = Layout { skip_lines: 3, footer: vec!["total".into()], ..layout(',') };
        assert_eq!(laid_out(text, &counted), Ok(expected));
        let other = Layout { header: vec!["Name".into()], ..layout(';') };
        assert!(laid_out(text, &other).unwrap_err().contains("columns in `header`: Name"));
        assert!(laid_out(text, &Layout { skip_lines: u64::MAX, ..layout(';') }).unwrap_err().contains("is empty"));
        assert_eq!(lines(b"\"SEP=\t\"\na\tb\n1\t2\n", ',').1, [(3, "1|2".into())]);
        assert_eq!(lines(b"sep=,x\n1,2\n", ',').0, ["sep=", "x"], "a column of that name");
    }

    #[test]
    fn files_that_are_not_utf_8_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.csv"), b"\xFF\xFEa\0").unwrap();
        assert!(File::read(folder.path(), "a.csv", &layout(',')).unwrap_err().contains("UTF-16"));
        std::fs::write(folder.path().join("a.csv"), b"a,b\n1,\xE9t\xE9\n1\n2,3\0\n4,5\n").unwrap();
        let file = File::read(folder.path(), "a.csv", &layout(',')).unwrap();
        assert_eq!((file.bad.iter().map(|bad| bad.line).collect::<Vec<_>>(), file.lines.len()), (vec![2, 3, 4], 1));
    }
}

use crate::import::report::Problem;
use csv::{ByteRecord, ReaderBuilder, StringRecord};
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

/// A line: a record, which may span several.
#[derive(Debug)]
pub struct Line {
    /// The number of the line in the file that it begins on, from 1.
    pub number: u64,
    /// As many cells as the header has.
    pub cells: StringRecord,
}

/// Tells the lines that records begin on. The reader's own count does not see the empty lines before a record.
struct LineCounter<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl LineCounter<'_> {
    /// The line of the first record that begins at a byte or, after line ends, behind it. Bytes must not go back.
    fn line_at(&mut self, byte: u64) -> u64 {
        let from = usize::try_from(byte).unwrap_or(usize::MAX).min(self.bytes.len());
        let line_ends = self.bytes[from..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let start = (from + line_ends).max(self.at);
        self.line += self.bytes[self.at..start].iter().filter(|byte| **byte == b'\n').count() as u64;
        self.at = start;
        self.line
    }
}

impl File {
    /// Reads a CSV file, with or without a byte order mark. An error is a sentence about the whole file.
    pub fn read(folder: &Path, name: &str, delimiter: char) -> Result<Self, String> {
        let bytes = std::fs::read(folder.join(name)).map_err(|error| format!("cannot read {name}: {error}"))?;
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
        if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
            return Err(format!("{name} is UTF-16: save it as UTF-8"));
        }
        let delimiter = u8::try_from(delimiter).map_err(|_| "the delimiter must be an ASCII character".to_owned())?;
        let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(bytes);
        let mut file = Self { name: name.to_owned(), header: Vec::new(), lines: Vec::new(), bad: Vec::new() };
        let mut record = ByteRecord::new();
        let mut counter = LineCounter { bytes, at: 0, line: 1 };
        while reader.read_byte_record(&mut record).map_err(|error| format!("cannot read {name}: {error}"))? {
            let number = counter.line_at(record.position().map_or(0, csv::Position::byte));
            match StringRecord::from_byte_record(record.clone()) {
                Ok(cells) if file.header.is_empty() => {
                    file.header = cells.iter().map(|cell| cell.trim().to_owned()).collect();
                }
                Ok(cells) => file.add(number, cells),
                Err(_) if file.header.is_empty() => {
                    return Err(format!("the first line of {name} is not UTF-8: save it as UTF-8"));
                }
                Err(error) => {
                    let cell = error.utf8_error().field();
                    let value = record.get(cell).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
                    file.refuse(number, Some(cell), value, "not UTF-8: save the file as UTF-8".into());
                }
            }
        }
        if file.header.is_empty() {
            return Err(format!("{name} is empty: its first line must name the columns"));
        }
        Ok(file)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &[u8], delimiter: char) -> (Vec<String>, Vec<(u64, String)>) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.csv"), text).unwrap();
        let file = File::read(folder.path(), "a.csv", delimiter).unwrap();
        let cells = |line: &Line| (line.number, line.cells.iter().collect::<Vec<_>>().join("|"));
        (file.header, file.lines.iter().map(cells).collect())
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
    fn files_that_are_not_utf_8_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.csv"), b"\xFF\xFEa\0").unwrap();
        assert!(File::read(folder.path(), "a.csv", ',').unwrap_err().contains("UTF-16"));
        std::fs::write(folder.path().join("a.csv"), b"a,b\n1,\xE9t\xE9\n1\n2,3\0\n4,5\n").unwrap();
        let file = File::read(folder.path(), "a.csv", ',').unwrap();
        assert_eq!((file.bad.iter().map(|bad| bad.line).collect::<Vec<_>>(), file.lines.len()), (vec![2, 3, 4], 1));
    }
}

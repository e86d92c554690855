use csv_core::{ReadFieldResult, Reader, ReaderBuilder};
use std::io::{BufRead, Result};

/// Reads the records of a CSV file, one after the other. Unlike the usual reader it tells which cells are quoted.
pub struct Records<R> {
    input: R,
    parser: Reader,
    line: u64,
    bytes: u64,
}

/// A record, whose room is used again for the next.
#[derive(Debug, Default)]
pub struct Record {
    /// The line that it begins on, from 1.
    pub line: u64,
    text: Vec<u8>,
    cells: Vec<(usize, bool)>,
}

impl Record {
    /// How many cells it has.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// A cell, and whether it is quoted.
    pub fn cell(&self, place: usize) -> (&[u8], bool) {
        let start = place.checked_sub(1).and_then(|before| self.cells.get(before)).map_or(0, |(end, _)| *end);
        match self.cells.get(place) {
            Some((end, quoted)) => (self.text.get(start..*end).unwrap_or_default(), *quoted),
            None => (&[], false),
        }
    }
}

impl<R: BufRead> Records<R> {
    /// Starts at the beginning of a file, behind its byte order mark where it has one. A delimiter stands between cells.
    pub fn new(mut input: R, delimiter: u8) -> Result<Self> {
        let mark = b"\xEF\xBB\xBF";
        if input.fill_buf()?.starts_with(mark) {
            input.consume(mark.len());
        }
        let parser = ReaderBuilder::new().delimiter(delimiter).build();
        Ok(Self { input, parser, line: 1, bytes: 0 })
    }

    /// Counts lines from this one on.
    pub fn starting_at(mut self, line: u64) -> Self {
        self.line = line;
        self
    }

    /// How many bytes were read.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Reads the next record; false behind the last. Empty lines are none.
    pub fn read(&mut self, record: &mut Record) -> Result<bool> {
        record.text.clear();
        record.cells.clear();
        let mut out = [0; 1024];
        let mut quoted = None;
        loop {
            let input = self.input.fill_buf()?;
            if record.cells.is_empty() && quoted.is_none() {
                let line_ends = input.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
                if line_ends > 0 {
                    self.consume(line_ends);
                    continue;
                }
                record.line = self.line;
            }
            let quoted_now = *quoted.get_or_insert(input.first() == Some(&b'"'));
            let (result, read, written) = self.parser.read_field(input, &mut out);
            record.text.extend_from_slice(out.get(..written).unwrap_or_default());
            self.consume(read);
            match result {
                ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
                ReadFieldResult::Field { record_end } => {
                    record.cells.push((record.text.len(), quoted_now));
                    quoted = None;
                    if record_end {
                        return Ok(true);
                    }
                }
                ReadFieldResult::End => return Ok(false),
            }
        }
    }

    fn consume(&mut self, count: usize) {
        let Ok(input) = self.input.fill_buf() else { return };
        let read = input.get(..count).unwrap_or_default();
        self.line += read.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.bytes += count as u64;
        self.input.consume(count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    /// The records as `line: cell|cell`, quoted ones in angle brackets, with as small a buffer as there is.
    fn records(text: &str, buffer: usize) -> Vec<String> {
        let mut records = Records::new(BufReader::with_capacity(buffer, text.as_bytes()), b',').unwrap();
        let mut record = Record::default();
        let mut all = Vec::new();
        while records.read(&mut record).unwrap() {
            let cell = |place| {
                let (text, quoted) = record.cell(place);
                let text = std::str::from_utf8(text).unwrap();
                if quoted { format!("<{text}>") } else { text.to_owned() }
            };
            let cells: Vec<_> = (0..record.len()).map(cell).collect();
            all.push(format!("{}: {}", record.line, cells.join("|")));
        }
        all
    }

    #[test]
    fn quoted_cells_and_lines_are_told() {
        let text = "\u{feff}a,b\r\n1,\r\n\r\n\r\n\"\",\"x\r\n\"\"y\"\"\"\n,\n\"\",\"\"\nz,a\"b\"";
        let expected = ["1: a|b", "2: 1|", "5: <>|<x\r\n\"y\">", "7: |", "8: <>|<>", "9: z|a\"b\""];
        for buffer in [3, 4, 5, 7, 1000] {
            assert_eq!(records(text, buffer), expected, "{buffer}");
        }
        assert_eq!(records("", 8), [""; 0]);
        assert_eq!(records("\n\n", 8), [""; 0]);
        assert_eq!(records("a,\n", 8), ["1: a|"]);
        assert_eq!(records("a,", 8), ["1: a|"]);
    }

    #[test]
    fn cells_may_be_long() {
        let long = "x".repeat(5_000);
        assert_eq!(records(&format!("\"{long}\",{long}\n"), 100), [format!("1: <{long}>|{long}")]);
    }
}

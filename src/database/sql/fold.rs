//! Texts in a form in which they can be compared: the same on every database, whatever it knows of languages.

use sea_orm::sea_query::{BinOper, Expr, ExprTrait, Func};

/// What stands before and after a text while its ends are looked at: no text has it.
const END: &str = "\u{1}";
const BLANKS: [&str; 2] = ["\u{2}\u{3}", "\u{3}\u{2}"];

/// Characters that mean nothing in a name.
const MARKS: [&str; 6] = [".", "\"", "'", "’", "«", "»"];

/// What vowels are written with, and what stretches a word: no letters of their own.
const DIACRITICS: [char; 10] =
    ['\u{64b}', '\u{64c}', '\u{64d}', '\u{64e}', '\u{64f}', '\u{650}', '\u{651}', '\u{652}', '\u{670}', '\u{640}'];

/// Arabic and Persian digits, from 0 to 9.
const DIGITS: [&str; 2] = ["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"];

/// What is not seen, beside the blanks of [`characters`].
const UNSEEN: [char; 4] = ['\u{200d}', '\u{200e}', '\u{200f}', '\u{feff}'];

/// Legal forms, folded, as they stand behind and before a company's name.
const BEHIND: [&str; 14] = [
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "co",
    "company",
    "llc",
    "ltd",
    "limited",
    "plc",
    "gmbh",
    "ag",
    "sa",
    "bv",
];
const BEFORE: [&str; 5] = ["ооо", "оао", "зао", "ао", "شرکت"];

/// Characters, each with the one that stands for it. Those of ASCII are folded by every database.
pub fn characters() -> impl Iterator<Item = (char, char)> {
    let latin = ('À'..='Þ').filter(|letter| *letter != '×');
    let cyrillic = 'А'..='Я';
    let lower = latin.chain(cyrillic).filter_map(|letter| Some((letter, letter.to_lowercase().next()?)));
    let written_in_several_ways = [('Ё', 'е'), ('ё', 'е'), ('ي', 'ی'), ('ى', 'ی'), ('ك', 'ک')];
    let blanks = ['\t', '\n', '\r', '\u{a0}', '\u{200c}', ','].map(|blank| (blank, ' '));
    lower.chain(written_in_several_ways).chain(blanks)
}

pub fn replaced(text: Expr, from: &str, to: &str) -> Expr {
    Func::cust("replace").args([text, Expr::val(from), Expr::val(to)]).into()
}

pub fn without_marks(text: Expr) -> Expr {
    MARKS.iter().fold(text, |text, mark| replaced(text, mark, ""))
}

/// Its letters and digits alone, next to each other. Costs too much for every record.
pub fn letters(text: Expr) -> Expr {
    let nothing = DIACRITICS.into_iter().chain(UNSEEN).chain([' ']);
    let letters = nothing.fold(text, |text, one| replaced(text, &one.to_string(), ""));
    let digits = DIGITS.into_iter().flat_map(|digits| digits.chars().zip('0'..='9'));
    digits.fold(letters, |text, (from, to)| replaced(text, &from.to_string(), &to.to_string()))
}

/// Without blanks around it, and one where there are several.
pub fn trimmed(text: Expr) -> Expr {
    let paired = replaced(text, " ", BLANKS[0]);
    let single = replaced(replaced(paired, BLANKS[1], ""), BLANKS[0], " ");
    Func::cust("trim").arg(single).into()
}

pub fn without_legal_form(text: Expr) -> Expr {
    // Joining texts by `||` is written the same everywhere, unlike its placeholders.
    let between = Expr::val(END).binary(BinOper::Custom("||"), text).binary(BinOper::Custom("||"), END);
    let behind = BEHIND.iter().fold(between, |text, form| replaced(text, &format!(" {form}{END}"), END));
    let bare = BEFORE.iter().fold(behind, |text, form| replaced(text, &format!("{END}{form} "), END));
    replaced(bare, END, "")
}

pub fn unset_if_empty(text: Expr) -> Expr {
    Func::cust("nullif").args([text, Expr::val("")]).into()
}

use super::fold;
use sea_orm::sea_query::{Expr, FunctionCall, Value};

/// Texts and numbers in SQL.
pub trait ValueSql {
    /// The parameter at a place, from 1.
    fn parameter(&self, place: usize) -> String;

    /// A value as it would stand in a statement.
    fn literal(&self, value: &Value) -> String;

    /// What a sum gives as a 64-bit integer, 0 over nothing. Fails where it does not fit.
    fn sum(&self, sum: FunctionCall) -> Expr;

    /// Whether a text contains another, without regard to the case of ASCII letters.
    fn contains(&self, text: Expr, part: &str) -> Expr;

    /// A text to be compared byte by byte, also where its column sorts otherwise.
    fn bytes(&self, text: Expr) -> Expr;

    /// Whether a text is a plain decimal number, such as `-50.00`, or one above 0.
    fn is_decimal(&self, text: Expr, above_zero: bool) -> Expr;

    /// Whether a text is among these.
    fn is_among(&self, text: Expr, values: Vec<&str>) -> Expr;

    /// Lower case, and one character for those that are written in several ways.
    fn fold_characters(&self, text: Expr) -> Expr;

    /// A text without regard to case and to blanks around it; unset where nothing is left.
    fn folded(&self, text: Expr) -> Expr {
        fold::unset_if_empty(fold::trimmed(self.fold_characters(text)))
    }

    /// The name of a company or person, the same for names that mean the same: without regard to case, blanks, dots,
    /// quotes and a company's legal form. Unset where nothing is left.
    fn folded_name(&self, text: Expr) -> Expr {
        fold::unset_if_empty(fold::without_legal_form(fold::trimmed(fold::without_marks(self.fold_characters(text)))))
    }

    /// A text to group by, the same for spellings of it: without regard to case, blanks, diacritics, and whether letters and
    /// digits are Arabic or Persian. Unset where nothing is left.
    fn folded_spelling(&self, text: Expr) -> Expr {
        fold::unset_if_empty(fold::letters(self.fold_characters(text)))
    }
}

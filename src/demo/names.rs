//! Made-up names: different for as long as the words allow, then with a further word.

use super::vocabulary::INDUSTRIES;

const FIRST: [&str; 40] = [
    "Anna", "Ben", "Carla", "David", "Elif", "Farid", "Grace", "Hugo", "Ines", "Jonas", "Keiko", "Liam", "Maryam",
    "Noah", "Olga", "Pablo", "Qing", "Rosa", "Samir", "Tara", "Umar", "Vera", "Wei", "Ximena", "Yusuf", "Zoe", "Arjun",
    "Bianca", "Chloe", "Diego", "Emma", "Felix", "Giulia", "Haruto", "Isla", "Jamal", "Katrin", "Leila", "Mateo",
    "Nadia",
];

const LAST: [&str; 41] = [
    "Ahmadi", "Becker", "Costa", "Dubois", "Eriksen", "Fischer", "Garcia", "Hansen", "Ito", "Jansen", "Kaya", "Lopez",
    "Moreau", "Nakamura", "Okafor", "Petrov", "Quinn", "Rossi", "Schmidt", "Tanaka", "Ueda", "Vargas", "Walsh", "Xu",
    "Yilmaz", "Zhang", "Abbott", "Bauer", "Clarke", "Diaz", "Evans", "Ferreira", "Green", "Haddad", "Ivanova", "Jones",
    "Karimi", "Larsen", "Meyer", "Novak", "Singh",
];

const HEADS: [&str; 48] = [
    "Al", "Bal", "Bel", "Bor", "Bran", "Cal", "Cor", "Dal", "Del", "Dor", "El", "Fal", "Fen", "Gal", "Gran", "Hal",
    "Har", "Hol", "In", "Jor", "Kal", "Kel", "Lan", "Lor", "Mal", "Mar", "Mer", "Mon", "Nor", "Or", "Pal", "Per",
    "Quin", "Ral", "Ros", "Sal", "Sel", "Sol", "Tal", "Ter", "Tor", "Ul", "Val", "Ver", "Vin", "Wal", "Wes", "Zan",
];

const TAILS: [&str; 53] = [
    "ado", "aline", "amer", "anda", "aris", "bridge", "bury", "cade", "cott", "dale", "den", "dora", "dyne", "eda",
    "ella", "enta", "era", "field", "ford", "gate", "gen", "haven", "ida", "ington", "ion", "ista", "kirk", "land",
    "ley", "lin", "lund", "mar", "mere", "mont", "nova", "on", "ora", "park", "ridge", "rix", "sa", "shire", "side",
    "stead", "stone", "ton", "tra", "una", "vale", "via", "wick", "worth", "ys",
];

const MIDDLE: [&str; 20] = [
    "A.", "B.", "C.", "D.", "E.", "F.", "G.", "H.", "J.", "K.", "L.", "M.", "N.", "O.", "P.", "R.", "S.", "T.", "V.",
    "W.",
];

/// The name of the rep with a number from 0.
pub(super) fn rep(number: u32) -> String {
    let number = number as usize;
    // Lengths and steps without a common divisor: every pair comes once before one comes again.
    let (first, last) = (FIRST[7 * number % FIRST.len()], LAST[16 * number % LAST.len()]);
    match number / (FIRST.len() * LAST.len()) {
        0 => format!("{first} {last}"),
        round => format!("{first} {} {last}", MIDDLE[(round - 1) % MIDDLE.len()]),
    }
}

/// The name of the account with a number from 0.
pub(super) fn account(number: u32, industry: usize) -> String {
    let number = number as usize;
    let (head, tail) = (HEADS[29 * number % HEADS.len()], TAILS[31 * number % TAILS.len()]);
    let endings = INDUSTRIES[industry].1;
    let round = number / (HEADS.len() * TAILS.len());
    let ending = endings[(number + round) % endings.len()];
    match round / endings.len() {
        0 => format!("{head}{tail} {ending}"),
        place => format!("{head}{tail} {ending} {}", place + 1),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    #[test]
    fn names_differ() {
        assert_eq!((0..9_999).map(super::rep).collect::<HashSet<_>>().len(), 9_999);
        assert_eq!((0..50_000).map(|n| super::account(n, 4)).collect::<HashSet<_>>().len(), 50_000);
    }
}

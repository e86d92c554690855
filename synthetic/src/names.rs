//! Made-up names: different for as long as the words allow, then with a further word.

use crate::vocabulary::INDUSTRIES;

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

/// The name of a person with a number from 0.
pub(crate) fn person(number: u64) -> String {
    let number = number as usize;
    // Lengths and steps without a common divisor: every pair comes once before one comes again.
    let (first, last) = (FIRST[7 * number % FIRST.len()], LAST[16 * number % LAST.len()]);
    match number / (FIRST.len() * LAST.len()) {
        0 => format!("{first} {last}"),
        round if round <= MIDDLE.len() => format!("{first} {} {last}", MIDDLE[round - 1]),
        round => format!("{first} {} {last} {round}", MIDDLE[round % MIDDLE.len()]),
    }
}

/// The name of a company with a number from 0.
pub(crate) fn company(number: u64, industry: usize) -> String {
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

/// An address that cannot exist: of the domain reserved for examples.
pub(crate) fn email(name: &str, company: &str) -> String {
    let mut email = String::with_capacity(name.len() + company.len() + 9);
    for (text, gap, end) in [(name, '.', "@"), (company, '-', ".example")] {
        email.extend(text.chars().filter(|letter| *letter != '.').map(|letter| match letter {
            ' ' => gap,
            letter => letter.to_ascii_lowercase(),
        }));
        email.push_str(end);
    }
    email
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_differ() {
        assert_eq!((0..99_999).map(person).collect::<HashSet<_>>().len(), 99_999);
        assert_eq!((0..50_000).map(|n| company(n, 4)).collect::<HashSet<_>>().len(), 50_000);
    }

    #[test]
    fn addresses_are_of_the_person_at_the_company() {
        assert_eq!(email("Diego A. Walsh", "Corbury Labs 2"), "diego.a.walsh@corbury-labs-2.example");
    }
}

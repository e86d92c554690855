use super::language::Language;
use super::messages::messages;

/// What spelling leaves open: a Persian prefix or suffix is joined with a zero-width non-joiner, with a space, or written
/// together.
const JOINERS: [&str; 2] = ["", " "];

/// A search for KPIs.
#[derive(Debug)]
pub struct Search {
    /// The text with each joiner.
    texts: [String; 2],
}

impl Search {
    /// A search for a text. The empty text finds everything.
    pub fn new(text: &str) -> Self {
        Self { texts: JOINERS.map(|joiner| folded(text.trim(), joiner)) }
    }

    /// Whether a KPI's id, or its name, definition or terms in any language, contain the text.
    pub fn finds(&self, id: &str) -> bool {
        let messages = Language::ALL.into_iter().filter_map(|language| messages(language).get(id));
        let texts = messages.flat_map(|message| {
            [Some(&message.name), message.definition.as_ref(), message.terms.as_ref()].into_iter().flatten()
        });
        [id].into_iter().chain(texts.map(String::as_str)).any(|text| self.is_in(text))
    }

    fn is_in(&self, text: &str) -> bool {
        self.texts.iter().zip(JOINERS).any(|(search, joiner)| folded(text, joiner).contains(search))
    }
}

/// The text in lower case, Arabic letters as the Persian ones, the Russian yo as ye, with `joiner` for each zero-width
/// non-joiner.
fn folded(text: &str, joiner: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            'ي' | 'ى' => folded.push('ی'),
            'ك' => folded.push('ک'),
            'ё' => folded.push('е'),
            '\u{200c}' => folded.push_str(joiner),
            letter => folded.push(letter),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_any_language_find_a_kpi() {
        for (id, words) in [
            ("open_opportunities", ["open_opp", "FUNNEL", "قیف", "воронка", "ВОЗМОЖНОСТЕЙ", " открытые сделки "]),
            (
                "customer_acquisition_cost",
                ["CAC", "cac", "هزینه جذب", "هزینه بازاریابی", "стоимость привлечения", "CPA"],
            ),
            ("churn_rate", ["attrition", "ریزش", "отток", "ОТТОК КЛИЕНТОВ", "دلایل ریزش", "Churn"]),
        ] {
            for word in words {
                assert!(Search::new(word).finds(id), "{word} does not find {id}");
                assert!(!Search::new(word).finds("meetings_held"), "{word} finds meetings_held");
            }
        }
        assert!(Search::new("").finds("meetings_held"));
    }

    #[test]
    fn spelling_does_not_matter() {
        for (id, words) in [
            ("mrr", ["درآمد دوره‌ای", "درآمد دوره ای", "درآمد دورهای", "درآمد دوره‌اي"]),
            ("sales_cycle_length", ["میانگین", "ميانگين", "چرخه فروش", "نخستين"]),
            ("campaigns_run", ["كمپین", "کمپین‌ها", "كمپينها", "کمپین ها"]),
            ("cross_sell_rate", ["перекрёстных", "перекрестных", "ПЕРЕКРЁСТНЫХ", "Перекрестных Продаж"]),
        ] {
            for word in words {
                assert!(Search::new(word).finds(id), "{word} does not find {id}");
            }
        }
    }
}

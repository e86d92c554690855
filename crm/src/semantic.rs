use super::kind::Kind;

/// What a column means beyond what it holds, by its name: the crate's page lists the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Semantic {
    /// Nothing more than it holds.
    Plain,
    /// A code of ISO 4217.
    Currency,
    /// An amount in minor units of the row's currency; negative ones are possible.
    Money,
    /// A share in basis points, from 0 to 10,000.
    BasisPoints,
    /// A whole number from this one on.
    AtLeast(i32),
    /// A number above 0.
    Positive,
    /// The id of a KPI of the catalogue.
    Kpi,
}

impl Semantic {
    /// Of a column with a name.
    pub(super) fn of(name: &str, kind: &Kind) -> Self {
        let ends = |suffix: &str| name == suffix || name.strip_suffix(suffix).is_some_and(|rest| rest.ends_with('_'));
        match kind {
            Kind::BigInteger if ends("minor") => Self::Money,
            Kind::Integer if ends("bp") => Self::BasisPoints,
            Kind::Integer if ends("number") => Self::AtLeast(1),
            Kind::Integer | Kind::BigInteger => Self::AtLeast(0),
            Kind::Decimal if ends("rate") => Self::Positive,
            Kind::Text if ends("currency") => Self::Currency,
            Kind::Text if name == "kpi_id" => Self::Kpi,
            _ => Self::Plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_columns_mean() {
        let of = |table: &str, column: &str| crate::table(table).unwrap().column(column).unwrap().semantic;
        assert_eq!(of("opportunities", "monthly_amount_minor"), Semantic::Money);
        assert_eq!(of("mrr_movements", "change_minor"), Semantic::Money);
        assert_eq!(of("stages", "probability_bp"), Semantic::BasisPoints);
        assert_eq!(of("stages", "position"), Semantic::AtLeast(0));
        assert_eq!(of("proposals", "number"), Semantic::AtLeast(1));
        assert_eq!(of("orders", "customer_order_number"), Semantic::AtLeast(1));
        assert_eq!(of("exchange_rates", "quote_currency"), Semantic::Currency);
        assert_eq!(of("exchange_rates", "rate"), Semantic::Positive);
        assert_eq!(of("targets", "value"), Semantic::Plain);
        assert_eq!(of("targets", "kpi_id"), Semantic::Kpi);
    }

    #[test]
    fn amounts_have_a_currency_beside_them() {
        for table in crate::tables() {
            let has_money = table.columns.iter().any(|column| column.semantic == Semantic::Money);
            assert!(!has_money || table.column("currency").is_some(), "{}", table.name);
        }
    }
}

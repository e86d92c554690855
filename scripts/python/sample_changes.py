"""Makes a sample change in a checkout: a new column, dimension or KPI, as somebody would who adds one.

    sample_changes.py column|dimension|kpi CHECKOUT

Each is what CONTRIBUTING.md lists, without what is printed anew (docs/reference/schema.md, docs/reference/kpis.md). An anchor that is not found
exactly once is an error: then the place of such a change has moved, and CONTRIBUTING.md must say so.
"""

import pathlib
import sys

root = pathlib.Path()


def after(name: str, anchor: str, text: str) -> None:
    """Puts lines after the one line that is the anchor, spaces around it aside."""
    path = root / name
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    found = [number for number, line in enumerate(lines) if line.strip() == anchor]
    if len(found) != 1:
        sys.exit(f"error: {name} has the line {anchor!r} {len(found)} times")
    lines.insert(found[0] + 1, text)
    path.write_text("".join(lines), encoding="utf-8")


def after_last(name: str, beginning: str, text: str) -> None:
    """Puts lines after the last line that begins so, spaces around it aside."""
    path = root / name
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    found = [number for number, line in enumerate(lines) if line.strip().startswith(beginning)]
    if not found:
        sys.exit(f"error: {name} has no line that begins with {beginning!r}")
    lines.insert(found[-1] + 1, text)
    path.write_text("".join(lines), encoding="utf-8")


def replace(name: str, old: str, new: str) -> None:
    """Replaces a text that occurs once."""
    path = root / name
    text = path.read_text(encoding="utf-8")
    if text.count(old) != 1:
        sys.exit(f"error: {name} has {old!r} {text.count(old)} times")
    path.write_text(text.replace(old, new), encoding="utf-8")


def create(name: str, text: str) -> None:
    """Writes a new file."""
    (root / name).write_text(text, encoding="utf-8")


MIGRATION = '''//! Who else was in the running for a deal.

use crate::columns::text;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = text(manager.get_database_backend(), "competitor");
        manager.alter_table(Table::alter().table("opportunities").add_column(column).take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("opportunities").drop_column("competitor").take()).await
    }
}
'''


def column() -> None:
    after(
        "crm/src/opportunities.rs",
        "pub loss_reason: Option<String>,",
        "    /// Who else was in the running.\n    pub competitor: Option<String>,\n",
    )
    create("migrations/src/m20990101_000001_competitor.rs", MIGRATION)
    after_last("migrations/src/lib.rs", "mod m2", "mod m20990101_000001_competitor;\n")
    after_last("migrations/src/lib.rs", "Box::new(m2", "            Box::new(m20990101_000001_competitor::Migration),\n")
    after(
        "synthetic/src/sales.rs",
        "loss_reason: deal.loss_reason.map(str::to_owned),",
        '            competitor: (place % 3 == 0).then(|| "Rival Systems".to_owned()),\n',
    )
    after(
        "tests/it/oracle/data/deals.rs",
        "loss_reason: if status == opportunities::Status::Lost { self.maybe(25, &REASONS) } else { None },",
        '            competitor: self.maybe(60, &["Rival"]),\n',
    )
    after("CHANGELOG.md", "### Added", "\n- `opportunities.competitor`.\n")


def dimension() -> None:
    file = "src/catalog/dimension.rs"
    after(file, "CaseKind,", "    Competitor,\n")
    after(file, "Self::CaseKind,", "        Self::Competitor,\n")
    after(file, 'Self::CaseKind => "case_kind",', '            Self::Competitor => "competitor",\n')
    replace(file, "ALL: [Self; 25]", "ALL: [Self; 26]")
    after(
        file,
        "Self::CaseKind => values(vec![service_cases::Column::Kind.into()]),",
        "            Self::Competitor => values(vec![opportunities::Column::Competitor.into()]),\n",
    )
    after(
        "src/catalog/sources/sales.rs",
        ".by(Dimension::LossReason, Deal::LossReason)",
        "        .by(Dimension::Competitor, Deal::Competitor)\n",
    )
    names = {"en": "Competitor", "fa": "رقیب", "ru": "Конкурент"}
    for language, name in names.items():
        file = f"locales/{language}/catalog.ftl"
        anchor = next(line for line in (root / file).read_text(encoding="utf-8").splitlines() if "-case_kind" in line)
        after(file, anchor, f"dimension-competitor = {name}\n")


ORACLE = """-- contested_opportunities: by close time.
-- value in ones

-- total
SELECT COUNT(*) AS value
FROM opportunities
WHERE status IN ('won', 'lost') AND competitor <> '' AND closed_at >= :from AND closed_at < :until

-- by rep
SELECT COALESCE(rep_id, '') AS rep, COUNT(*) AS value
FROM opportunities
WHERE status IN ('won', 'lost') AND competitor <> '' AND closed_at >= :from AND closed_at < :until
GROUP BY COALESCE(rep_id, '')

-- by month
SELECT MONTH(closed_at) AS month, COUNT(*) AS value
FROM opportunities
WHERE status IN ('won', 'lost') AND competitor <> '' AND closed_at >= :from AND closed_at < :until
GROUP BY MONTH(closed_at)

-- by segment
SELECT COALESCE(a.segment, '') AS segment, COUNT(*) AS value
FROM opportunities o
LEFT JOIN accounts a ON a.id = o.account_id
WHERE o.status IN ('won', 'lost') AND o.competitor <> '' AND o.closed_at >= :from AND o.closed_at < :until
GROUP BY COALESCE(a.segment, '')

-- by rep where competitor != ''
SELECT COALESCE(rep_id, '') AS rep, COUNT(*) AS value
FROM opportunities
WHERE status IN ('won', 'lost') AND competitor <> '' AND closed_at >= :from AND closed_at < :until
GROUP BY COALESCE(rep_id, '')
"""


def kpi() -> None:
    after(
        "src/catalog/pipeline.rs",
        'family.figure("opportunities_lost", Unit::Count, KpiKind::Flow, lost_count()).lower_is_better(),',
        '        family.figure("contested_opportunities", Unit::Count, KpiKind::Flow, contested_count()),\n',
    )
    replace(
        "src/catalog/pipeline.rs",
        "fn lost_count() -> Measure {",
        "fn contested_count() -> Measure {\n"
        "    let statuses = [deal::Status::Won, deal::Status::Lost].map(|status| status.to_value().into());\n"
        "    let is_closed = Condition::OneOf(deal::Column::Status.into(), statuses.to_vec());\n"
        "    let contested = is_closed.and(Condition::not_empty(deal::Column::Competitor));\n"
        '    closed("contested_opportunities", Quantity::Count, Aggregate::Count, contested)\n'
        "}\n\nfn lost_count() -> Measure {",
    )
    texts = {
        "en": ("Contested opportunities", "The number of opportunities won or lost against a competitor, by close time."),
        "fa": ("فرصت‌های دارای رقیب", "تعداد فرصت‌هایی که در برابر یک رقیب برنده یا از دست رفته‌اند، بر اساس زمان بسته شدن."),
        "ru": ("Сделки с конкурентом", "Число сделок, выигранных или проигранных при участии конкурента, по времени закрытия."),
    }
    for language, (name, definition) in texts.items():
        path = root / f"locales/{language}/pipeline.ftl"
        text = path.read_text(encoding="utf-8").rstrip("\n")
        path.write_text(f"{text}\ncontested_opportunities = {name}\n    .definition = {definition}\n", encoding="utf-8")
    create("tests/oracles/contested_opportunities.sql", ORACLE)


if __name__ == "__main__":
    changes = {"column": column, "dimension": dimension, "kpi": kpi}
    if len(sys.argv) != 3 or sys.argv[1] not in changes:
        sys.exit(__doc__)
    root = pathlib.Path(sys.argv[2])
    changes[sys.argv[1]]()

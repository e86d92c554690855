"""Checks the figures of imported files of the Maven data set's form ("CRM Sales Opportunities"):

    python maven.py HOST:PORT FIGURES.json    of files that maven_files.py made, with the figures that it wrote
    python maven.py HOST:PORT                 of the real files; the figures were counted in them, not by the service
"""

import json
import pathlib
import sys
from collections import defaultdict
from decimal import Decimal

from crm.kpi.v1 import kpi_service_pb2 as service
from crm.kpi.v1 import query_pb2 as q

from kpi import WHOLE_PERIOD, Stream, check, check_equal, columns, connect, dates, number, quotient, rounded, unary

# Every deal that closed did so in these ten months.
PERIOD = dates("2017-03-01", "2017-12-31")
REAL = {
    "figures": {
        "opportunities_won": 4238,
        "opportunities_lost": 2473,
        "open_opportunities": 2089,
        "won_value": 10_005_534,
        "total_sales": 10_005_534,
        "order_count": 4238,
    },
    "quotients": {
        "win_rate": (4238, 6711),
        "average_won_value": (10_005_534, 4238),
        "average_sale_value": (10_005_534, 4238),
        "sales_cycle_length": (219_452, 4238),
    },
    "won_by_office": {"West": 3_568_647, "Central": 3_346_293, "East": 3_090_594},
    # From March to December.
    "won_by_month": [
        1_134_672, 721_932, 1_025_713, 1_338_466, 696_932, 1_050_059, 1_235_264, 731_980, 938_943, 1_131_573
    ],
    "won_by_product": {
        "GTX Pro": 3_510_578,  # "GTXPro" in the deals
        "GTX Plus Pro": 2_629_651,
        "MG Advanced": 2_216_387,
        "GTX Plus Basic": 705_275,
        "GTX Basic": 499_263,
        "GTK 500": 400_612,
        "MG Special": 43_768,
    },
    "teams": 9,
    "records": {"rep": 35, "account": 85, "product": 7},
    "reps_with_deals": 30,
    "open_without_account": 1425,
}


def main(endpoint, file=None):
    expected = json.loads(pathlib.Path(file).read_text()) if file else REAL
    _, stub = connect(endpoint)
    by_rep_and_team = q.KpiQuery(
        kpi_ids=[*expected["figures"], *expected["quotients"]], period=PERIOD, grain=q.GRAIN_MONTH, group_by=["rep", "team"]
    )
    header, rows, totals = unary(stub, by_rep_and_team)
    figures("unary", expected, header, rows, totals)
    check_equal(unary(stub, by_rep_and_team, page_size=100)[1], rows, "unary: pages of 100 hold the same rows")
    for batch_rows in [1, 7, 1000]:
        stream = Stream(stub, by_rep_and_team, batch_rows)
        name = f"stream of {batch_rows}"
        check(stream.complete, f"{name}: a header, {len(stream.batches)} batches, a summary", stream.order[:3])
        largest = max(len(batch.rows) for batch in stream.batches)
        check(largest <= batch_rows, f"{name}: no batch is larger", largest)
        figures(name, expected, stream.header, stream.rows, stream.summary.totals)
        check(stream.rows == rows, f"{name}: the rows of the unary answer")
        check_equal(stream.summary.row_count, len(rows), f"{name}: row_count")
    groups(stub, expected)
    compared(stub, expected["won_by_month"])
    fiscal(stub, expected["won_by_month"])
    dirt(stub, expected)


def figures(way, expected, header, rows, totals):
    """The totals of the period, by month, and the rows of each office."""
    at = columns(header)
    whole = next(row for row in totals if row.bucket == WHOLE_PERIOD)
    for kpi_id, figure in expected["figures"].items():
        check_equal(number(whole.values[at[kpi_id][0]]), figure, f"{way}: {kpi_id} {figure}")
    for kpi_id, (numerator, denominator) in expected["quotients"].items():
        place, column = at[kpi_id]
        value = whole.values[place]
        check_equal(quotient(value), (numerator, denominator), f"{way}: {kpi_id} {numerator}/{denominator}")
        figure = rounded(Decimal(numerator), Decimal(denominator), column.scale)
        check_equal(number(value), figure, f"{way}: {kpi_id} {figure}")

    place = at["won_value"][0]
    months = [number(row.values[place]) for row in totals if row.bucket != WHOLE_PERIOD]
    check_equal(months, expected["won_by_month"], f"{way}: won_value of ten months")
    labels = [bucket.label for bucket in header.buckets]
    check_equal(labels, [f"2017-{month:02}" for month in range(3, 13)], f"{way}: labels of ten months")
    offices = defaultdict(Decimal)
    for row in rows:
        offices[row.keys[1].label] += number(row.values[place])
    found = {office: offices[office] for office in expected["won_by_office"]}
    check_equal(found, expected["won_by_office"], f"{way}: won_value of the rows of three offices")


def groups(stub, expected):
    def won_by(dimension):
        query = q.KpiQuery(kpi_ids=["won_value"], period=PERIOD, group_by=[dimension])
        _, rows, (total,) = unary(stub, query)
        return {row.keys[0].label: number(row.values[0]) for row in rows}, number(total.values[0])

    teams, total = won_by("team")
    found = {office: teams.get(office) for office in expected["won_by_office"]}
    check_equal(found, expected["won_by_office"], "by team: won_value of three offices")
    check_equal(len(teams), expected["teams"], "by team: three offices and the managers' teams")
    check_equal(total, expected["figures"]["won_value"], "by team: the total counts every deal once")
    products, _ = won_by("product")
    check_equal(products, expected["won_by_product"], f"by product: won_value of {len(products)} products")
    industries, _ = won_by("industry")
    check("technology" in {label.lower() for label in industries}, "by industry: technology", sorted(industries))
    check("technolgy" not in {label.lower() for label in industries}, "by industry: no technolgy", sorted(industries))


def compared(stub, won_by_month):
    """The months of the last quarter beside those of the one before, as counted in the files."""
    query = q.KpiQuery(
        kpi_ids=["won_value"],
        period=dates("2017-10-01", "2017-12-31"),
        grain=q.GRAIN_MONTH,
        compare_to=q.COMPARISON_PREVIOUS_PERIOD,
    )
    header, _, totals = unary(stub, query)
    dates_of = (header.compared.first_date, header.compared.last_date)
    check_equal(dates_of, ("2017-07-01", "2017-09-30"), "compared: the dates of the quarter before")
    before, now = won_by_month[4:7], won_by_month[7:10]
    pairs = list(zip(now + [sum(now)], before + [sum(before)]))
    values = [row.values[0] for row in totals]
    found = [(number(value), Decimal(value.compared_value)) for value in values]
    check_equal(found, pairs, "compared: three months and the quarter")
    changes = [(Decimal(value.change), Decimal(value.change_ratio)) for value in values]
    expected = [(one - other, rounded(Decimal(one - other), Decimal(other), 6)) for one, other in pairs]
    check_equal(changes, expected, "compared: change and relative change")


def fiscal(stub, won_by_month):
    """Quarters of fiscal years from April."""
    calendar = q.Calendar(fiscal_year_start_month=4)
    query = q.KpiQuery(kpi_ids=["won_value"], period=PERIOD, grain=q.GRAIN_QUARTER, calendar=calendar)
    header, _, totals = unary(stub, query)
    labels = [(bucket.label, bucket.partial) for bucket in header.buckets]
    names = ["FY2017 Q4", "FY2018 Q1", "FY2018 Q2", "FY2018 Q3"]
    check_equal(labels, [(name, name == "FY2017 Q4") for name in names], "fiscal: labels of four quarters")
    months = [won_by_month[:1], won_by_month[1:4], won_by_month[4:7], won_by_month[7:]]
    quarters = [number(row.values[0]) for row in totals if row.bucket != WHOLE_PERIOD]
    check_equal(quarters, [sum(quarter) for quarter in months], "fiscal: won_value of four quarters")


def dirt(stub, expected):
    records, reps_with_deals = expected["records"], expected["reps_with_deals"]
    for dimension, count in records.items():
        values = stub.ListDimensionValues(service.ListDimensionValuesRequest(dimension=dimension)).values
        check_equal(len(values), count, f"{count} records of {dimension}")
    for include_empty, count in [(True, records["rep"]), (False, reps_with_deals)]:
        query = q.KpiQuery(
            kpi_ids=["opportunities_created", "opportunities_won", "opportunities_lost"],
            period=dates("2016-01-01", "2017-12-31"),
            group_by=["rep"],
            include_empty=include_empty,
        )
        check_equal(len(unary(stub, query)[1]), count, f"{count} reps with include_empty {include_empty}")
    query = q.KpiQuery(
        kpi_ids=["open_opportunities"], period=PERIOD, filters=[q.Filter(dimension="account", any_of=[""])]
    )
    found, count = number(unary(stub, query)[1][0].values[0]), expected["open_without_account"]
    check_equal(found, count, f"{count} open deals without an account")


if __name__ == "__main__":
    main(*sys.argv[1:])

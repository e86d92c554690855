"""Writes five files of the form of the Maven data set ("CRM Sales Opportunities") about a made-up company, with the same
dirt, and beside them what they come to: python maven_files.py FOLDER FIGURES.json

The figures follow from the deals before they are written. Those of the real files are in maven.py.
"""

import csv
import datetime
import json
import pathlib
import random
import sys
from collections import Counter

SEED = 2017
DEALS = 2500
OFFICES = ["North", "South", "Overseas"]
MANAGERS = {"Ines Falk": "North", "Jonas Weil": "North", "Kira Maas": "South", "Lena Obi": "South", "Mira Sand": "Overseas"}
FIRST = ["Ada", "Bo-Lin", "Cleo", "Dario", "Edda", "Farid", "Greta", "Hugo"]
LAST = ["Brook", "O'Hara", "Pinto"]
IDLE = 3  # reps who never had a deal: the last ones
SECTORS = ["retail", "technology", "medical", "finance", "services", "software"]
COUNTRIES = ["United States", "Philippines", "Kenya", "Germany", "Japan", "Brazil"]
PRODUCTS = {"GTX Pro": ("GTX", 4990), "Basic": ("B", 450), "Basic Plus": ("B", 1090), "Max 9": ("Max", 25_500)}
# How the files spell what is meant.
DIRT = {"technology": "technolgy", "Philippines": "Philipines", "GTX Pro": "GTXPro"}


def company():
    rng = random.Random(SEED)
    names = [f"{first} {last}" for last in LAST for first in FIRST]
    reps = {name: list(MANAGERS)[place % len(MANAGERS)] for place, name in enumerate(names)}
    accounts = [f"{word} {kind}" for word in ["Almond", "birch", "Cobalt-Works"] for kind in ["& Sons", "Inc", "Group", "2"]]
    return reps, accounts, [deal(rng, number, list(reps), accounts) for number in range(DEALS)]


def deal(rng, number, reps, accounts):
    stage = rng.choices(["Prospecting", "Engaging", "Won", "Lost"], [6, 18, 48, 28])[0]
    closed_on = datetime.date(2017, 3, 1) + datetime.timedelta(rng.randrange(306))
    product = rng.choice(list(PRODUCTS))
    closed = stage in ("Won", "Lost")
    return {
        "opportunity_id": "".join(rng.choices("ABCDEFGHJK", k=4)) + f"{number:04}",
        "sales_agent": rng.choice(reps[:-IDLE]),
        "product": product,
        "account": rng.choice(accounts) if closed or rng.randrange(3) == 0 else "",
        "deal_stage": stage,
        "engage_date": None if stage == "Prospecting" else closed_on - datetime.timedelta(rng.randrange(120)),
        "close_date": closed_on if closed else None,
        "close_value": None if not closed else 0 if stage == "Lost" else PRODUCTS[product][1] * rng.randrange(80, 120) // 100,
    }


def figures(reps, accounts, deals):
    won = [deal for deal in deals if deal["deal_stage"] == "Won"]
    stages = Counter(deal["deal_stage"] for deal in deals)
    value = sum(deal["close_value"] for deal in won)

    def won_by(key):
        sums = Counter()
        for deal in won:
            sums[key(deal)] += deal["close_value"]
        return sums

    months = won_by(lambda deal: deal["close_date"].month)
    days = sum((deal["close_date"] - deal["engage_date"]).days for deal in won)
    open_deals = stages["Prospecting"] + stages["Engaging"]
    return {
        "figures": {
            "opportunities_won": len(won),
            "opportunities_lost": stages["Lost"],
            "open_opportunities": open_deals,
            "won_value": value,
            "total_sales": value,
            "order_count": len(won),
        },
        "quotients": {
            "win_rate": [len(won), len(won) + stages["Lost"]],
            "average_won_value": [value, len(won)],
            "average_sale_value": [value, len(won)],
            "sales_cycle_length": [days, len(won)],
        },
        "won_by_office": won_by(lambda deal: MANAGERS[reps[deal["sales_agent"]]]),
        "won_by_month": [months[month] for month in range(3, 13)],
        "won_by_product": won_by(lambda deal: deal["product"]),
        "teams": len(OFFICES) + len(MANAGERS),
        "records": {"rep": len(reps), "account": len(accounts), "product": len(PRODUCTS)},
        "reps_with_deals": len({deal["sales_agent"] for deal in deals}),
        "open_without_account": sum(not deal["account"] for deal in deals),
    }


def write(folder, name, rows):
    with open(folder / f"{name}.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)


def main(folder, figures_file):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    reps, accounts, deals = company()
    rows = []
    for place, account in enumerate(accounts):
        sector, country = SECTORS[place % len(SECTORS)], COUNTRIES[place % len(COUNTRIES)]
        rows.append({
            "account": account,
            "sector": DIRT.get(sector, sector),
            "year_established": 1980 + place,
            "revenue": f"{place}.5",
            "employees": [999, 1000, 4999, 5000][place % 4],
            "office_location": DIRT.get(country, country),
            "subsidiary_of": accounts[0] if place == 4 else "",
        })
    write(folder, "accounts", rows)
    rows = [{"product": name, "series": series, "sales_price": price} for name, (series, price) in PRODUCTS.items()]
    write(folder, "products", rows)
    rows = [{"sales_agent": rep, "manager": boss, "regional_office": MANAGERS[boss]} for rep, boss in reps.items()]
    write(folder, "sales_teams", rows)
    write(folder, "sales_pipeline", [{**deal, "product": DIRT.get(deal["product"], deal["product"])} for deal in deals])
    write(folder, "data_dictionary", [{"Table": "products", "Field": "series", "Description": 'A "family", or series'}])
    pathlib.Path(figures_file).write_text(json.dumps(figures(reps, accounts, deals)))


if __name__ == "__main__":
    main(*sys.argv[1:])

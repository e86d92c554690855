"""Polls while rows change: python polls.py HOST:PORT HOW SQL-PROGRAM ARGUMENT…

The program is given SQL as its last argument, such as `psql URL -c`. Every answer must have what was committed before it was
asked for. HOW says what is expected beside that:
  watched    a poll without a change is answered with "not modified"
  replayed   the database is a standby of the one that the program changes: a change may take some time to come
"""

import subprocess
import sys
import time
from decimal import Decimal

from crm.kpi.v1 import kpi_service_pb2 as service
from crm.kpi.v1 import query_pb2 as q

from kpi import check, check_equal, connect, dates, number

QUERY = q.KpiQuery(kpi_ids=["total_sales"], period=dates("2017-03-01", "2017-12-31"))
ROUNDS = 10


def main(endpoint, how, *program):
    _, stub = connect(endpoint)
    first = ask(stub)
    total, etag = number(first.rows[0].values[0]), first.etag
    if how == "watched":
        etag = until_watched(stub, etag)
    unchanged, late, slowest = 0, 0, 0.0
    for place in range(ROUNDS):
        answer = ask(stub, etag)
        unchanged += answer.not_modified
        etag = answer.etag
        change = "UPDATE orders SET amount_minor = amount_minor + 100 WHERE id = (SELECT min(id) FROM orders)"
        subprocess.run([*program, change], check=True)
        committed = time.monotonic()
        while True:
            answer = ask(stub, etag)
            expected = total + place + 1
            if not answer.not_modified and number(answer.rows[0].values[0]) == expected:
                break
            late += 1
            slowest = time.monotonic() - committed
            allowed = {"watched": 0.5, "replayed": 10}[how]
            if slowest > allowed:
                check(False, f"a change is seen within {allowed} s", answer)
        etag = answer.etag
    back = f"UPDATE orders SET amount_minor = amount_minor - {ROUNDS}00 WHERE id = (SELECT min(id) FROM orders)"
    subprocess.run([*program, back], check=True)
    waited = f"the slowest after {slowest * 1000:.0f} ms" if late else "at once"
    check(True, f"{ROUNDS} changes are seen, {waited}")
    if how == "watched":
        check_equal(unchanged, ROUNDS, f"{ROUNDS} polls without a change are answered with \"not modified\"")
    else:
        print(f"    {unchanged} of {ROUNDS} polls without a change were answered with \"not modified\"")


def until_watched(stub, etag):
    """After an outage the service looks every ten seconds which tables tell of changes again."""
    ends = time.monotonic() + 20
    while not (answer := ask(stub, etag)).not_modified:
        etag = answer.etag
        if time.monotonic() > ends:
            check(False, "tables tell of changes within 20 s")
        time.sleep(0.1)
    return etag


def ask(stub, etag=""):
    return stub.QueryKpis(service.QueryKpisRequest(query=QUERY, known_etag=etag), timeout=30)


if __name__ == "__main__":
    main(*sys.argv[1:])

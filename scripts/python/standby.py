"""Questions to a database that breaks them off: python standby.py HOST:PORT SECONDS [perhaps]

Every answer is whole, or UNAVAILABLE with a delay to try again after: it is not the service's fault, and it passes. With
"perhaps" there need not be an answer.
"""

import sys
import threading
import time
from collections import Counter

import grpc
from crm.kpi.v1 import kpi_service_pb2 as service
from crm.kpi.v1 import query_pb2 as q

from kpi import Stream, check, connect, dates, refusal

WORKERS = 6


def queries():
    for place in range(1_000_000):
        period = dates("2017-03-01", f"2017-12-{1 + place % 31:02}")
        kpis = ["won_value", "win_rate", "sales_cycle_length", "open_opportunities", "total_sales", "new_customers"]
        # Long ones and short ones.
        grain = q.GRAIN_DAY if place % 3 == 0 else q.GRAIN_UNSPECIFIED
        yield q.KpiQuery(kpi_ids=kpis[: 6 - place % 6], period=period, grain=grain, group_by=["rep"])


def work(stub, ends, tally):
    for place, query in enumerate(queries()):
        if time.monotonic() > ends:
            return
        try:
            if place % 2:
                stub.QueryKpis(service.QueryKpisRequest(query=query), timeout=30)
                tally["OK", None, None] += 1
            else:
                whole = Stream(stub, query, 10).complete
                tally["OK" if whole else "cut off", None, None] += 1
        except grpc.RpcError as error:
            reason, _, delay = refusal(error)
            tally[error.code().name, reason, delay is not None] += 1


def main(endpoint, seconds, perhaps=None):
    _, stub = connect(endpoint)
    tally = Counter()
    ends = time.monotonic() + float(seconds)
    workers = [threading.Thread(target=work, args=(stub, ends, tally)) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    answered = tally.pop(("OK", None, None), 0)
    bad = {key: count for key, count in tally.items() if key[0] != "UNAVAILABLE" or not key[2]}
    check(not bad, "every answer is whole, or UNAVAILABLE with RetryInfo", bad)
    check(answered > 0 or perhaps, f"{answered} questions are answered, {sum(tally.values())} are to be asked again")


if __name__ == "__main__":
    main(*sys.argv[1:])

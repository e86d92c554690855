"""A deadline reaches the database: python deadline.py HOST:PORT SQL-PROGRAM ARGUMENT…

The program, such as `psql URL -c`, is given SQL as its last argument. It holds a lock that questions wait for.
"""

import subprocess
import sys
import time

import grpc
from crm.kpi.v1 import kpi_service_pb2 as service
from crm.kpi.v1 import query_pb2 as q

from kpi import check, check_equal, connect, dates

LOCK = "BEGIN; LOCK TABLE orders IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(10)"
# Of questions: what looks whether the tables are ready adds nothing up, and waits too.
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ~* '(sum|count)\\s*\\('"


def main(endpoint, *program):
    _, stub = connect(endpoint)
    query = q.KpiQuery(kpi_ids=["average_sale_value"], period=dates("2017-03-01", "2017-12-30"), group_by=["rep"])
    lock = subprocess.Popen([*program, LOCK])
    while sql(program, "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 'orders'::regclass") != "1":
        time.sleep(0.02)
    call = stub.QueryKpis.future(service.QueryKpisRequest(query=query), timeout=3)
    while sql(program, WAITING) == "0" and not call.done():
        time.sleep(0.02)
    check(not call.done(), "a question waits in the database")
    check_equal(call.code(), grpc.StatusCode.DEADLINE_EXCEEDED, "a question that waits in the database ends by its deadline")
    ended = time.monotonic()
    while sql(program, WAITING) != "0":
        if time.monotonic() > ended + 2:
            check(False, "its statement is stopped in the database within 2 s")
        time.sleep(0.05)
    check(lock.poll() is None, "its statement is stopped in the database, which it waited in still")
    lock.terminate()
    lock.wait()


def sql(program, text):
    return subprocess.run([*program, text], check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    main(*sys.argv[1:])

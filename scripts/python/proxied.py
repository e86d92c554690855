"""What must pass through a proxy: python proxied.py HOST:PORT FIGURES.json [AUTHORITY.pem]"""

import json
import pathlib
import sys
import time

import grpc
from crm.kpi.v1 import kpi_service_pb2 as service
from crm.kpi.v1 import query_pb2 as q
from grpc_health.v1 import health_pb2, health_pb2_grpc

from kpi import Stream, check, check_equal, connect, dates, number, refusal, unary

PERIOD = dates("2017-03-01", "2017-12-31")
# Of an answer's trailers; nginx's default is the smallest buffer of those that we know.
LARGEST = 4096


def main(endpoint, file, authority=None):
    expected = json.loads(pathlib.Path(file).read_text())
    channel, stub = connect(endpoint, authority)
    status = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=10).status
    check_equal(status, health_pb2.HealthCheckResponse.SERVING, "the health is SERVING")
    by_rep = q.KpiQuery(kpi_ids=["won_value", "win_rate"], period=PERIOD, grain=q.GRAIN_DAY, group_by=["rep"])
    header, rows, totals = unary(stub, by_rep)
    whole = number(totals[-1].values[0])
    check_equal(whole, expected["figures"]["won_value"], f"an answer of {len(rows)} rows")
    for batch_rows in [1, 500]:
        stream = Stream(stub, by_rep, batch_rows)
        check(stream.complete and stream.rows == rows, f"a stream of {len(stream.batches)} batches")
    small = stub.QueryKpis(service.QueryKpisRequest(query=by_rep, page_size=10), compression=grpc.Compression.Gzip)
    check(len(small.rows) == 10, "a compressed request")
    errors(stub)
    large_request(stub)
    deadline(stub)
    cancelled(stub, by_rep, rows)


def errors(stub):
    """Errors with many and with long violations: the caller gets the status, not the proxy's."""
    odd = "客户关系管理系统" * 10
    cases = {
        "30 unknown KPIs": q.KpiQuery(kpi_ids=[f"no_such_kpi_{place}" for place in range(30)], period=PERIOD),
        "30 unknown KPIs in Chinese": q.KpiQuery(kpi_ids=[f"{odd}{place:04}" for place in range(30)], period=PERIOD),
        "300 filters that say nothing": q.KpiQuery(
            kpi_ids=["won_value"], period=PERIOD, filters=[q.Filter(dimension=f"{odd}{place}") for place in range(300)]
        ),
    }
    for name, query in cases.items():
        try:
            stub.QueryKpis(service.QueryKpisRequest(query=query), timeout=20)
            check(False, f"{name} are refused")
        except grpc.RpcError as error:
            reason, violations, _ = refusal(error)
            found = (error.code(), reason, bool(violations))
            check_equal(found, (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_REQUEST", True), f"{name}: all of the status")
            size = sum(len(key) + len(value) + 32 for key, value in error.trailing_metadata())
            check(size < LARGEST, f"{name}: the status is short", size)


def large_request(stub):
    """Of more than a megabyte: many values of a filter."""
    values = [f"{place:04}" + "x" * 1500 for place in range(900)]
    query = q.KpiQuery(kpi_ids=["won_value"], period=PERIOD, filters=[q.Filter(dimension="rep", any_of=values)])
    try:
        stub.QueryKpis(service.QueryKpisRequest(query=query), timeout=20)
        check(True, "a request of 1.4 MB is answered")
    except grpc.RpcError as error:
        check(refusal(error)[0] is not None, "a request of 1.4 MB is answered by the service", error)


def deadline(stub):
    """By day over ten years: nobody answers that within a hundredth of a second."""
    kpi_ids = ["won_value", "win_rate", "pipeline_value", "open_opportunities"]
    decade = dates("2010-01-01", "2019-12-31")
    query = q.KpiQuery(kpi_ids=kpi_ids, period=decade, grain=q.GRAIN_DAY, group_by=["rep"])
    try:
        stub.QueryKpis(service.QueryKpisRequest(query=query), timeout=0.01)
        check(False, "a deadline that has passed ends the call")
    except grpc.RpcError as error:
        check_equal(error.code(), grpc.StatusCode.DEADLINE_EXCEEDED, "a deadline that has passed ends the call")


def cancelled(stub, query, rows):
    """A caller who goes away in the middle leaves nothing behind that others would see."""
    for _ in range(20):
        stream = stub.StreamRepBreakdown(service.StreamRepBreakdownRequest(query=query, batch_rows=1), timeout=20)
        next(stream)
        stream.cancel()
    time.sleep(0)
    check_equal(unary(stub, query)[1], rows, "after 20 streams that were cancelled all is as before")


if __name__ == "__main__":
    main(*sys.argv[1:])

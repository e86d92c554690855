"""Calls every RPC of a service that has data and checks the answers: python client.py HOST:PORT

The client is generated from proto/ with grpcio-tools; PYTHONPATH must hold it.
"""

import sys
from decimal import Decimal

import grpc
from crm.kpi.v1 import catalog_pb2 as catalog
from crm.kpi.v1 import data_quality_pb2 as quality
from crm.kpi.v1 import kpi_service_pb2 as service
from crm.kpi.v1 import query_pb2 as q
from crm.kpi.v1 import result_pb2 as result
from google.rpc import error_details_pb2 as details
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_status import rpc_status

from kpi import WHOLE_PERIOD, Stream, check, check_equal, columns, connect, number, quotient, rounded, unary

KPIS = """
    total_sales order_count average_sale_value won_value average_won_value annualized_won_value new_customer_revenue
    net_new_revenue revenue_share_by_source new_customers retained_customers upsell_rate cross_sell_rate lost_customers
    first_year_lost_customers first_year_loss_rate
    opportunities_created open_opportunities opportunities_won opportunities_lost lost_opportunity_ratio close_rate
    win_rate win_rate_by_creation win_rate_by_value pipeline_value weighted_pipeline_value sales_velocity
    sales_cycle_length stage_duration stage_conversion_rate stalled_opportunities expected_closes expected_value
    weighted_expected_value overdue_opportunities proposals_sent
""".split()

# The last four quarters that are over.
QUERY = q.KpiQuery(
    kpi_ids=["total_sales", "opportunities_won", "win_rate", "average_sale_value", "open_opportunities"],
    period=q.Period(relative=q.RelativePeriod(unit=q.GRAIN_QUARTER, offset=-1, count=4)),
    grain=q.GRAIN_QUARTER,
    group_by=["rep"],
)


def main(endpoint):
    channel, stub = connect(endpoint)
    health(channel)
    list_kpis(stub)
    list_dimension_values(stub)
    answer = query_kpis(stub)
    batch(stub)
    stream(stub, answer)
    data_version(stub, answer[0])
    data_quality(stub)
    bad_requests(stub)
    show(*answer)


def health(channel):
    health_stub = health_pb2_grpc.HealthStub(channel)
    for name in ["", "crm.kpi.v1.KpiService"]:
        status = health_stub.Check(health_pb2.HealthCheckRequest(service=name)).status
        check_equal(status, health_pb2.HealthCheckResponse.SERVING, f"health of {name or 'the server'} is SERVING")


def list_kpis(stub):
    answer = stub.ListKpis(service.ListKpisRequest())
    check_equal([kpi.id for kpi in answer.kpis if kpi.id in KPIS], KPIS, "ListKpis has every KPI, in the catalogue's order")
    described = all(k.name and k.definition and k.formula and k.unit and k.kind and k.family for k in answer.kpis)
    check(described, "every KPI has a name, a definition, a formula, a unit, a kind and a family")
    known = {dimension.id for dimension in answer.dimensions}
    reached = {dimension for kpi in answer.kpis for dimension in kpi.dimensions}
    check(reached == known and {"rep", "team"} <= known, "the dimensions that KPIs name are listed")
    found = [kpi.id for kpi in stub.ListKpis(service.ListKpisRequest(search="WIN_RATE")).kpis]
    check_equal(found, ["win_rate", "win_rate_by_creation", "win_rate_by_value"], "ListKpis searches without regard to case")


def list_dimension_values(stub):
    request = service.ListDimensionValuesRequest(dimension="rep", page_size=7)
    ids = []
    while True:
        answer = stub.ListDimensionValues(request)
        ids += [value.id for value in answer.values]
        if not answer.next_page_token:
            break
        request.page_token = answer.next_page_token
    whole = [value.id for value in stub.ListDimensionValues(service.ListDimensionValuesRequest(dimension="rep")).values]
    check(ids == whole == sorted(set(ids)) and ids, f"ListDimensionValues pages through {len(ids)} reps")


def query_kpis(stub):
    header, rows, totals = unary(stub, QUERY)
    check_equal([column.kpi_id for column in header.columns], list(QUERY.kpi_ids), "the header has the KPIs' columns")
    check_equal([bucket.partial for bucket in header.buckets], [False] * 4, "four whole quarters")
    check(rows and all(len(row.values) == 5 and len(row.keys) == 1 for row in rows), f"QueryKpis has {len(rows)} rows")
    check_equal([row.bucket for row in totals], [0, 1, 2, 3, WHOLE_PERIOD], "totals by quarter and for the whole period")
    adds_up(header, rows, totals)
    check_equal(unary(stub, QUERY, page_size=7)[1], rows, "pages of 7 hold the same rows")

    etag = stub.QueryKpis(service.QueryKpisRequest(query=QUERY)).etag
    again = stub.QueryKpis(service.QueryKpisRequest(query=QUERY, known_etag=etag))
    check(again.not_modified and again.etag == etag and not again.rows, "a known etag is answered with not_modified")
    only_header = stub.QueryKpis(service.QueryKpisRequest(query=QUERY, validate_only=True))
    check(only_header.HasField("header") and not only_header.rows, "validate_only answers the header alone")
    return header, rows, totals


def adds_up(header, rows, totals):
    """Flows and stocks of a quarter add up over reps, flows of the year over quarters; quotients from their parts."""
    for kpi_id, (place, column) in columns(header).items():
        for total in totals:
            value = total.values[place]
            whole = total.bucket == WHOLE_PERIOD
            if column.kind in (catalog.KPI_KIND_FLOW, catalog.KPI_KIND_STOCK):
                at = len(header.buckets) - 1 if column.kind == catalog.KPI_KIND_STOCK else None
                parts = [
                    number(row.values[place])
                    for row in rows
                    if (row.bucket == total.bucket if not whole else at in (None, row.bucket))
                ]
                good = sum(parts, Decimal(0)) == number(value)
            else:
                numerator, denominator = quotient(value)
                parts = [quotient(row.values[place]) for row in rows if whole or row.bucket == total.bucket]
                good = (sum(n for n, _ in parts), sum(d for _, d in parts)) == (numerator, denominator)
                good = good and number(value) == rounded(numerator, denominator, column.scale)
            if not good:
                check(False, f"{kpi_id} of bucket {total.bucket} adds up to its total", value)
        check(True, f"{kpi_id}: the rows add up to the totals")


def batch(stub):
    query = q.KpiQuery(kpi_ids=["total_sales"], period=QUERY.period)
    requests = [service.QueryKpisRequest(query=QUERY), service.QueryKpisRequest(query=query)]
    by_rep, one = stub.BatchQueryKpis(service.BatchQueryKpisRequest(requests=requests)).responses
    total = next(row for row in by_rep.totals if row.bucket == WHOLE_PERIOD)
    check_equal(number(one.rows[0].values[0]), number(total.values[0]), "BatchQueryKpis answers both of two queries alike")
    check_equal(by_rep.header.data_version, one.header.data_version, "both are of one version of the data")


def stream(stub, answer):
    header, rows, totals = answer
    whole = Stream(stub, QUERY, batch_rows=5)
    check(whole.complete, f"StreamRepBreakdown: a header, {len(whole.batches)} batches, a summary", whole.order)
    check_equal(list(whole.header.columns), list(header.columns), "the stream has the header of the unary answer")
    check_equal(whole.rows, rows, "the stream has the rows of the unary answer")
    check_equal(list(whole.summary.totals), totals, "its summary has the totals of the unary answer")
    check_equal(whole.summary.row_count, len(rows), "its summary counts the rows")

    middle = len(whole.batches) // 2
    rest = Stream(stub, QUERY, batch_rows=3, resume_token=whole.batches[middle].resume_token)
    behind = [row for batch in whole.batches[middle + 1 :] for row in batch.rows]
    check(rest.header and rest.rows == behind, "a resume token goes on behind its batch")
    check_equal(rest.summary, whole.summary, "and ends with the same summary")


def data_version(stub, header):
    answer = stub.GetDataVersion(service.GetDataVersionRequest())
    check_equal(answer.data_version, header.data_version, "GetDataVersion is the version in the header")
    check(answer.changed_at.seconds > 0, "and tells when it changed")


def data_quality(stub):
    frames = list(stub.CheckDataQuality(quality.CheckDataQualityRequest(max_records_per_rule=3)))
    kinds = [frame.WhichOneof("frame") for frame in frames]
    check(kinds[0] == "header" and kinds[-1] == "summary", "CheckDataQuality: a header first, a summary last", kinds)
    rules = [rule.id for rule in frames[0].header.rules]
    counts = [frame.rule_summary for frame in frames if frame.HasField("rule_summary")]
    check_equal([count.rule_id for count in counts], rules, f"a count for each of {len(rules)} rules")
    listed = sum(len(frame.batch.findings) for frame in frames)
    check_equal(frames[-1].summary.listed, listed, f"{listed} findings, as the summary says")
    found = sum(count.count for count in counts)
    summary = frames[-1].summary
    check_equal(summary.errors + summary.warnings + summary.infos, found, "the rules' counts add up to the summary's")


def bad_requests(stub):
    bad = q.KpiQuery(
        kpi_ids=["total_sale"],
        period=q.Period(dates=q.DatePeriod(first_date="2017-02-30", last_date="2017-03-31")),
        group_by=["teem"],
        filters=[q.Filter(dimension="segment")],
    )
    status, info, violations = refusal(lambda: stub.QueryKpis(service.QueryKpisRequest(query=bad)))
    check_equal(status, grpc.StatusCode.INVALID_ARGUMENT, "a bad request is INVALID_ARGUMENT")
    check_equal((info.domain, info.reason), ("crm.kpi.v1", "INVALID_REQUEST"), "its ErrorInfo has domain and reason")
    fields = {"query.kpi_ids[0]", "query.period.dates.first_date", "query.group_by[0]", "query.filters[0]"}
    missing = {field for field in fields if not any(named.startswith(field) for named in violations)}
    check(not missing, "its BadRequest names all four fields", sorted(violations))
    check("total_sales" in violations["query.kpi_ids[0]"], "and the KPI that was meant", violations)

    kronor = q.KpiQuery(kpi_ids=["total_sales", "order_count"], period=QUERY.period, currency_code="SEK")
    sales, orders = stub.QueryKpis(service.QueryKpisRequest(query=kronor)).totals[0].values
    check_equal(sales.null_reason, result.NULL_REASON_MISSING_RATE, "an amount without an exchange rate is absent")
    check_equal((sales.missing_rate.currency_code, bool(sales.missing_rate.date)), ("USD", True), "and says which rate")
    check(int(orders.value) > 0, "what is no amount is there", orders)
    kronor.require_rates = True
    status, info, _ = refusal(lambda: stub.QueryKpis(service.QueryKpisRequest(query=kronor)))
    reason = (status, info.reason)
    expected = (grpc.StatusCode.FAILED_PRECONDITION, "MISSING_EXCHANGE_RATE")
    check_equal(reason, expected, "and FAILED_PRECONDITION where rates are required")
    named = (info.metadata["currency"], info.metadata["into"], bool(info.metadata["day"]))
    check_equal(named, ("USD", "SEK", True), "which names the currencies and the day")


def refusal(call):
    """The status, the ErrorInfo and the violations (by field) of a call that must fail."""
    try:
        call()
    except grpc.RpcError as error:
        info, violations = details.ErrorInfo(), {}
        for detail in rpc_status.from_call(error).details:
            bad_request = details.BadRequest()
            if detail.Unpack(bad_request):
                violations = {violation.field: violation.description for violation in bad_request.field_violations}
            detail.Unpack(info)
        return error.code(), info, violations
    check(False, "a bad request fails")


def show(header, rows, totals):
    """A row per rep of the last quarter, and everybody's."""
    last = len(header.buckets) - 1
    print(f"\n{header.buckets[last].label:24}" + "".join(f"{column.name:>20}" for column in header.columns))
    shown = [(row.keys[0].label or "not set", row) for row in rows if row.bucket == last][:8]
    for label, row in [*shown, ("all", next(row for row in totals if row.bucket == last))]:
        print(f"{label:24}" + "".join(f"{figure(value):>20}" for value in row.values))


def figure(value):
    return value.value if value.HasField("value") else result.NullReason.Name(value.null_reason)[len("NULL_REASON_") :]


if __name__ == "__main__":
    main(*sys.argv[1:])

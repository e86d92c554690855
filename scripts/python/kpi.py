"""What the checks have in common: calls through the client that grpcio-tools generates, and a line for every check."""

import pathlib
import sys
from decimal import ROUND_HALF_EVEN, Decimal

import grpc
from crm.kpi.v1 import kpi_service_pb2 as service
from crm.kpi.v1 import kpi_service_pb2_grpc
from crm.kpi.v1 import query_pb2 as q
from google.rpc import error_details_pb2 as details
from grpc_status import rpc_status

WHOLE_PERIOD = -1


def connect(endpoint, authority=None, options=()):
    """A client of the service at HOST:PORT, once it can be reached; with TLS where a file of authorities is given."""
    if authority:
        credentials = grpc.ssl_channel_credentials(pathlib.Path(authority).read_bytes())
        channel = grpc.secure_channel(endpoint, credentials, options=options)
    else:
        channel = grpc.insecure_channel(endpoint, options=options)
    grpc.channel_ready_future(channel).result(timeout=30)
    return channel, kpi_service_pb2_grpc.KpiServiceStub(channel)


def check(holds, what, found=None):
    """Prints a line that is counted; ends the program where it does not hold."""
    if not holds:
        print(f"FAILED  {what}" + (f": found {found}" if found is not None else ""))
        sys.exit(1)
    print(f"ok  {what}")


def check_equal(found, expected, what):
    check(found == expected, what, f"{found}, expected {expected}")


def refusal(error):
    """The reason, the violations (by field) and the delay to try again after (seconds) of a failed call."""
    reason, violations, delay = None, {}, None
    status = rpc_status.from_call(error)
    for detail in status.details if status else []:
        info, bad_request, retry = details.ErrorInfo(), details.BadRequest(), details.RetryInfo()
        if detail.Unpack(info):
            reason = info.reason
        elif detail.Unpack(bad_request):
            violations = {violation.field: violation.description for violation in bad_request.field_violations}
        elif detail.Unpack(retry):
            delay = retry.retry_delay.ToTimedelta().total_seconds()
    return reason, violations, delay


def dates(first, last):
    return q.Period(dates=q.DatePeriod(first_date=first, last_date=last))


def unary(stub, query, page_size=0):
    """The header, all rows and the totals of an answer, page by page."""
    request = service.QueryKpisRequest(query=query, page_size=page_size)
    answer = stub.QueryKpis(request)
    header, rows, totals = answer.header, list(answer.rows), list(answer.totals)
    while answer.next_page_token:
        request.page_token = answer.next_page_token
        answer = stub.QueryKpis(request)
        rows += answer.rows
    return header, rows, totals


class Stream:
    """A stream read to its end: its header, batches and summary (None where it was cut off)."""

    def __init__(self, stub, query, batch_rows=0, resume_token=""):
        request = service.StreamRepBreakdownRequest(query=query, batch_rows=batch_rows, resume_token=resume_token)
        self.header = self.summary = None
        self.batches = []
        self.order = []
        for response in stub.StreamRepBreakdown(request):
            frame = response.WhichOneof("frame")
            self.order.append(frame)
            if frame == "batch":
                self.batches.append(response.batch)
            else:
                setattr(self, frame, getattr(response, frame))

    @property
    def rows(self):
        return [row for batch in self.batches for row in batch.rows]

    @property
    def complete(self):
        """One header, then batches that are not empty, then one summary."""
        batches = ["batch"] * len(self.batches)
        return self.order == ["header", *batches, "summary"] and all(batch.rows for batch in self.batches)


def number(value):
    """A KpiValue's figure; None where there is none."""
    return Decimal(value.value) if value.HasField("value") else None


def quotient(value):
    return Decimal(value.numerator), Decimal(value.denominator)


def rounded(numerator, denominator, scale):
    return (numerator / denominator).quantize(Decimal(1).scaleb(-scale), ROUND_HALF_EVEN)


def columns(header):
    """The place and the column of every KPI."""
    return {column.kpi_id: (place, column) for place, column in enumerate(header.columns)}

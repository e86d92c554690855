"""What callers see while the database is killed and comes back.

python outage.py load HOST:PORT FOLDER [passing]    calls until FOLDER/stop exists, and checks every answer; makes
                                          FOLDER/begun, and FOLDER/refused when calls fail. What is passing may be over
                                          before anybody is refused
python outage.py await HOST:PORT STATUS SECONDS    until the health is STATUS
"""

import pathlib
import sys
import threading
import time

import grpc
from crm.kpi.v1 import kpi_service_pb2 as service
from crm.kpi.v1 import query_pb2 as q
from google.rpc import error_details_pb2 as details
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_status import rpc_status

from kpi import check, connect, dates

QUERY = q.KpiQuery(
    kpi_ids=["won_value", "win_rate", "open_opportunities"], period=dates("2017-03-01", "2017-12-31"), group_by=["rep"]
)
WORKERS = 4
REASONS = {"DATABASE_UNAVAILABLE", "DATABASE_INTERRUPTED"}


class Load:
    def __init__(self, stub, folder):
        self.stub, self.stop, self.begun, self.refused = (
            stub,
            folder / "stop",
            folder / "begun",
            folder / "refused",
        )
        self.expected = {"unary": self.unary(), "stream": self.stream()}
        self.lock = threading.Lock()
        self.right = self.after = self.unavailable = 0
        self.wrong = []

    def unary(self):
        answer = self.stub.QueryKpis(service.QueryKpisRequest(query=QUERY), timeout=30)
        return list(answer.rows), list(answer.totals)

    def stream(self):
        rows, totals = [], None
        request = service.StreamRepBreakdownRequest(query=QUERY, batch_rows=5)
        for message in self.stub.StreamRepBreakdown(request, timeout=30):
            if message.HasField("batch"):
                rows.extend(message.batch.rows)
            elif message.HasField("summary"):
                totals = list(message.summary.totals)
        return rows, totals

    def work(self):
        while not self.stop.exists():
            for name, ask in [("unary", self.unary), ("stream", self.stream)]:
                try:
                    answer = ask()
                except grpc.RpcError as error:
                    self.failed(error)
                    time.sleep(0.01)
                    continue
                with self.lock:
                    if answer == self.expected[name]:
                        self.right += 1
                        self.after = self.after + 1 if self.unavailable else 0
                        self.begun.touch()
                    else:
                        self.wrong.append(name)

    def failed(self, error):
        reasons = list(infos(error))
        with self.lock:
            if error.code() == grpc.StatusCode.UNAVAILABLE and reasons and reasons[0] in REASONS:
                self.unavailable += 1
                self.refused.touch()
            else:
                self.wrong.append(f"{error.code()} {error.details()} {reasons}")


def infos(error):
    status = rpc_status.from_call(error)
    for detail in status.details if status else []:
        info = details.ErrorInfo()
        if detail.Unpack(info):
            yield info.reason


def load(endpoint, folder, passing=None):
    _, stub = connect(endpoint)
    load = Load(stub, pathlib.Path(folder))
    workers = [threading.Thread(target=load.work) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    check(not load.wrong, "every answer is right, or UNAVAILABLE", load.wrong[:5])
    if not passing:
        check(load.unavailable > 0, f"{load.unavailable} calls are told so", load.unavailable)
    answered = load.after or not load.unavailable
    check(answered, f"{load.right} right answers, of these {load.after} afterwards, without a restart", load.right)


def wait(endpoint, status, seconds):
    began = time.monotonic()
    stub = health_pb2_grpc.HealthStub(grpc.insecure_channel(endpoint))
    request = health_pb2.HealthCheckRequest(service="crm.kpi.v1.KpiService")
    wanted = health_pb2.HealthCheckResponse.ServingStatus.Value(status)
    took = 0.0
    while stub.Check(request, timeout=5).status != wanted and took <= float(seconds):
        time.sleep(0.02)
        took = time.monotonic() - began
    check(took <= float(seconds), f"the health is {status} within {seconds} s", f"{took:.1f} s")


if __name__ == "__main__":
    {"load": load, "await": wait}[sys.argv[1]](*sys.argv[2:])

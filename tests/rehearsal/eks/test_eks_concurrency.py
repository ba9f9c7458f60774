"""One double serves the acts and regions of a rehearsal: many Constructs at once, each with a monitor of its own."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from eks_monitor import RecordingMonitor, construct
from eks_recording import children
from eks_vocabulary import CLUSTER, LEAN, NETWORK, cluster
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2_grpc

PATIENCE = 30
"""Seconds after which a meeting that does not come about fails the test."""


class MeetingMonitor(RecordingMonitor):
    """Answers for the cluster only when all who are to meet have got as far."""

    def __init__(self, meeting: threading.Barrier, *, preview: bool = False) -> None:
        super().__init__(preview=preview)
        self._meeting = meeting

    def RegisterResource(self, request: Any, context: Any) -> Any:  # noqa: N802 - a gRPC method
        if request.type == "aws:eks/cluster:Cluster":
            self._meeting.wait(PATIENCE)
        return super().RegisterResource(request, context)


def test_constructs_in_flight_keep_to_their_own_monitor_mode_and_config(double: str) -> None:
    count = 12
    meeting = threading.Barrier(count)
    monitors = [MeetingMonitor(meeting, preview=number % 2 == 0) for number in range(count)]

    def build(number: int) -> Any:
        with monitors[number] as monitor:
            return construct(
                double, monitor, CLUSTER, f"demo{number}", LEAN, config={"aws:profile": f"profile{number}"}
            )

    with ThreadPoolExecutor(count) as pool:
        list(pool.map(build, range(count)))

    for number, monitor in enumerate(monitors):
        registered = {entry.request.name: entry.inputs for entry in monitor.registered}
        assert all(name.startswith(f"demo{number}") for name in registered)
        assert len(registered) == 6
        kubeconfig = registered[f"demo{number}-eks-k8s"].get("kubeconfig", "")
        assert monitor.preview or f'"--profile","profile{number}"' in kubeconfig


def test_the_double_answers_while_engines_keep_it_waiting(double: str) -> None:
    count = 8
    meeting = threading.Barrier(count + 1)
    monitors = [MeetingMonitor(meeting) for _ in range(count)]

    def build(monitor: MeetingMonitor) -> Any:
        with monitor:
            return construct(double, monitor, CLUSTER, "demo", NETWORK)

    with ThreadPoolExecutor(count) as pool:
        building = [pool.submit(build, monitor) for monitor in monitors]
        with grpc.insecure_channel(double) as channel:
            version = provider_pb2_grpc.ResourceProviderStub(channel).GetPluginInfo(empty_pb2.Empty()).version
        meeting.wait(PATIENCE)

    assert version
    assert all(future.result().urn for future in building)


def test_an_act_sees_nothing_of_the_act_before(double: str) -> None:
    program = cluster(LEAN)
    acts = []
    for preview, config in ((True, {"aws:profile": "ops"}), (False, {}), (False, {})):
        with RecordingMonitor(preview=preview) as monitor:
            construct(double, monitor, CLUSTER, "demo", LEAN, config=config)
            acts.append(children(monitor, program))

    preview, up, second = acts
    assert set(preview) == set(up)
    assert up == second
    assert "profile" not in str(up)


def test_a_component_that_fails_leaves_the_next_one_alone(double: str) -> None:
    with RecordingMonitor() as failing:
        failing.fail["demo-eksCluster"] = "no"
        with ThreadPoolExecutor(1) as pool:
            error = pool.submit(construct, double, failing, CLUSTER, "demo", LEAN).exception()
    with RecordingMonitor() as monitor:
        response = construct(double, monitor, CLUSTER, "demo", LEAN)

    assert isinstance(error, grpc.RpcError)
    assert response.urn

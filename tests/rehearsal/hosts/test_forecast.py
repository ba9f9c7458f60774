"""How long a real run would take: by the edges of the state and a table of latencies."""

import pytest

from pokayoke_rehearsal.doubles.aws.types import TYPES
from pokayoke_rehearsal.engine.events import Act, Result, StepStarted
from pokayoke_rehearsal.forecast.aws import AWS
from pokayoke_rehearsal.forecast.kubernetes import AWAITED, KUBERNETES
from pokayoke_rehearsal.forecast.latency import ASSUMED
from pokayoke_rehearsal.forecast.schedule import forecast
from pokayoke_rehearsal.forecast.table import latency
from pokayoke_rehearsal.plan import ActOutcome, PlannedAct
from pokayoke_rehearsal.report import forecasts

CLUSTER, GROUP, NAT, ROLE, DSQL = (
    "aws:eks/cluster:Cluster",
    "aws:eks/nodeGroup:NodeGroup",
    "aws:ec2/natGateway:NatGateway",
    "aws:iam/role:Role",
    "aws:dsql/cluster:Cluster",
)
COMPONENT = "pokayoke-eks:index:Cluster"


def resource(kind, name, *needs, parent="", **inputs):
    urn = f"urn:pulumi:dev::shop::{kind}::{name}"
    return {
        "urn": urn,
        "type": kind,
        "custom": kind != COMPONENT,
        "parent": parent,
        "dependencies": [one["urn"] for one in needs],
        "inputs": inputs,
    }


def run(operation, resources, **more):
    steps = [StepStarted(operation, one["urn"]) for one in resources]
    states = ([], resources) if operation != "delete" else (resources, [])
    found = forecast(steps, *states, **more)
    return found.seconds, [leg.urn.rpartition("::")[2] for leg in found.legs]


def stack():
    role = resource(ROLE, "role")
    nat = resource(NAT, "nat")
    cluster = resource(CLUSTER, "cluster", role)
    return [role, nat, cluster, resource(GROUP, "nodes", cluster, nat)]


def test_what_stands_beside_the_longest_chain_costs_nothing():
    assert run("create", stack()) == (1 + 513 + 110, ["role", "cluster", "nodes"])


def test_a_dependency_on_a_component_waits_for_what_is_in_it():
    component = resource(COMPONENT, "platform")
    inside = resource(CLUSTER, "cluster", parent=component["urn"])
    assert run("create", [component, inside, resource(ROLE, "role", component)]) == (514, ["cluster", "role"])


def test_no_more_run_at_a_time_than_pulumi_lets_run():
    clusters = [resource(CLUSTER, f"cluster-{number}") for number in range(5)]
    assert run("create", clusters, parallel=5)[0] == 513
    assert run("create", clusters, parallel=2) == (3 * 513, ["cluster-0", "cluster-2", "cluster-4"])


def test_deletions_come_in_rounds_and_what_needs_nothing_goes_in_the_last():
    destroyed = [*stack(), resource(DSQL, "database")]
    assert run("delete", destroyed) == (501 + 148 + 150, ["nodes", "cluster", "database"])


def test_only_what_an_act_changes_takes_time():
    role, nat, cluster, nodes = stack()
    steps = [StepStarted("same", role["urn"]), StepStarted("update", cluster["urn"]), StepStarted("create", nat["urn"])]
    found = forecast(steps, [], [role, nat, cluster, nodes])
    assert [(leg.operation, leg.seconds, leg.assumed) for leg in found.legs] == [("update", 120, True)]


def test_what_is_assumed_is_counted_as_such():
    found = forecast([StepStarted("create", resource(DSQL, "database")["urn"])], [], [resource(DSQL, "database")])
    assert (found.seconds, found.assumed) == (150, 150)


@pytest.mark.parametrize(
    ("one", "create"),
    [
        (resource("aws:ec2/subnet:Subnet", "a", mapPublicIpOnLaunch=True), 11),
        (resource("aws:ec2/subnet:Subnet", "a"), 1),
        (resource("aws:eks/addon:Addon", "a", addonName="coredns"), 40),
        (resource("kubernetes:helm.sh/v3:Release", "a", chart="oci://public.ecr.aws/karpenter/karpenter"), 49),
        (resource("kubernetes:core/v1:ConfigMap", "a"), 1),
        (resource(COMPONENT, "a"), 0),
    ],
    ids=["public subnet", "subnet", "add-on", "chart", "object", "component"],
)
def test_a_latency_follows_type_and_input(one, create):
    assert latency(one).create == create


def test_a_wait_takes_as_long_as_its_longest_condition():
    waiting = resource(
        "pulumi-python:dynamic/pokayoke:Waiting",
        "gone",
        beforeReady=[{"kind": "association-visible"}],
        beforeGone=[{"kind": "nothing-left", "of": "load-balancer"}, {"kind": "records-gone"}],
    )
    assert (latency(waiting).create, latency(waiting).delete) == (15, 60)


def test_every_figure_has_a_source_or_says_that_it_is_assumed():
    for found in (*AWS.values(), *KUBERNETES.values(), *AWAITED.values()):
        assert found.source
        assert found.assumed or not found.source.startswith(ASSUMED)
    assert {key.partition("#")[0] for key in AWS} <= {*TYPES}


def act(resources):
    found = forecast([StepStarted("create", one["urn"]) for one in resources], [], resources)
    done = Result(Act.UP, True, {}, (), (), (), (), {}, len(resources), 0.1)
    return ActOutcome(PlannedAct("up", "up"), done, forecast=found)


def test_the_report_names_what_is_waited_for_and_sums_up_what_is_short():
    cluster = resource(CLUSTER, "cluster", role := resource(ROLE, "role"))
    database = resource(DSQL, "database", cluster)
    assert list(forecasts.lines([act([role, cluster, database]), act([role])])) == [
        "up: about 11 min 4 s, 2 min 30 s of them assumed, waiting for",
        "    8 min 33 s  create aws:eks:Cluster cluster",
        "    2 min 30 s  create aws:dsql:Cluster database  (assumed)",
        "         1.0 s  1 shorter operations",
    ]


def test_the_report_says_that_deletions_come_in_rounds():
    cluster = resource(CLUSTER, "cluster")
    found = forecast([StepStarted("delete", cluster["urn"])], [cluster], [])
    done = Result(Act.DESTROY, True, {}, (), (), (), (), {}, 1, 0.1)
    said = forecasts.lines([ActOutcome(PlannedAct("destroy", "destroy"), done, forecast=found)])
    assert next(said) == "destroy: about 2 min 28 s, waiting in rounds for"


def test_the_document_says_where_each_figure_comes_from():
    document = forecasts.document(act([resource(CLUSTER, "cluster")]).forecast)
    (leg,) = document["criticalPath"]
    assert (document["seconds"], leg["seconds"], leg["assumed"]) == (513, 513, False)
    assert "n 7, 2024 and later" in leg["source"]

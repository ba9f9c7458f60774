"""Rules that others are made of, at the edges of what they read."""

from fractions import Fraction
from typing import Any

import pytest

from pokayoke_eks.rules.custom_kinds import is_custom, of_manifest
from pokayoke_eks.rules.durations import bad_duration
from pokayoke_eks.rules.iam_actions import of_service
from pokayoke_eks.rules.kafka import bad_address
from pokayoke_eks.rules.node_roles import lacking
from pokayoke_eks.rules.ports import lets_through
from pokayoke_eks.rules.quantities import LONGEST, quantity
from pokayoke_eks.rules.secrets import empty_lines, on_the_command_line, open_secret
from pokayoke_eks.rules.selectors import plural, selects
from pokayoke_eks.rules.tag_selectors import fits, tags_of_cluster_group
from pokayoke_eks.rules.text import left_over_template
from pokayoke_eks.rules.workloads import unstated_resources


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        (float("inf"), None),
        (float("-inf"), None),
        (1e18, None),
        (1e17, Fraction(10**17)),
        ("9" * LONGEST, Fraction(10**LONGEST - 1)),
        ("9" * (LONGEST + 1), None),
        ("2e3", Fraction(2000)),
        ("2e-3", Fraction(2, 1000)),
        ("+2k", Fraction(2000)),
        ("1.5Ki", Fraction(1536)),
        ("3.", Fraction(3)),
        ("250u", Fraction(1, 4000)),
    ],
)
def test_an_amount_is_read_up_to_what_it_may_be(written: object, amount: Fraction | None) -> None:
    assert quantity(written) == amount


@pytest.mark.parametrize(
    ("protocol", "first", "last", "port", "through"),
    [
        ("tcp", 443, 443, 443, True),
        ("tcp", 444, 500, 443, False),
        ("tcp", 1, 442, 443, False),
        ("tcp", 443.0, 500.0, 443, True),
        ("TCP", "400", "443", 443, True),
        ("tcp", None, None, 443, True),
        ("tcp", None, 442, 443, False),
        ("tcp", 444, None, 443, False),
        ("tcp", "many", [], 443, True),
        ("tcp", [444], 500, 443, True),
        ("tcp", float("inf"), 500, 443, True),
        ("udp", 443, 443, 443, False),
        ("17", 443, 443, 443, False),
        ("6", 443, 443, 443, True),
        (6, 443, 443, 443, True),
        (6.0, 443, 443, 443, True),
        (17.0, 443, 443, 443, False),
        (-1.0, 1, 2, 443, True),
        ("-1", 1, 2, 443, True),
        ("all", 1, 2, 443, True),
    ],
)
def test_a_rule_lets_a_port_through_however_it_is_written(
    protocol: Any, first: Any, last: Any, port: int, through: bool
) -> None:
    assert lets_through(protocol, first, last, port) is through


@pytest.mark.parametrize(
    ("selector", "selected"),
    [
        ({}, True),
        (None, True),
        ({"matchLabels": {"app": "web"}}, True),
        ({"matchLabels": {"app": "db"}}, False),
        ({"matchLabels": {"app": "web", "tier": "front"}}, False),
        ({"matchExpressions": [{"key": "app", "operator": "In", "values": ["web", "db"]}]}, True),
        ({"matchExpressions": [{"key": "app", "operator": "In", "values": []}]}, False),
        ({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["web"]}]}, False),
        ({"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["db"]}]}, True),
        ({"matchExpressions": [{"key": "tier", "operator": "NotIn", "values": ["web"]}]}, True),
        ({"matchExpressions": [{"key": "app", "operator": "Exists"}]}, True),
        ({"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]}, False),
        ({"matchExpressions": [{"key": "tier", "operator": "DoesNotExist"}]}, True),
        ({"matchLabels": "x", "matchExpressions": "x"}, True),
    ],
    ids=str,
)
def test_a_selector_fits_labels_as_kubernetes_reads_it(selector: Any, selected: bool) -> None:
    assert selects(selector, {"app": "web"}) is selected


def test_kinds_are_called_by_their_plurals() -> None:
    called = {"Service": "services", "Ingress": "ingresses", "NetworkPolicy": "networkpolicies"}
    called |= {"Gateway": "gateways", "Key": "keys", "Toy": "toys", "Endpoints": "endpoints"}
    assert {kind: plural(kind) for kind in called} == called


@pytest.mark.parametrize(
    ("wanted", "carried", "met"),
    [
        ("demo", "demo", True),
        ("demo", "demos", False),
        ("de*", "demo", True),
        ("de*", "d", False),
        ("dem?", "demo", True),
        ("dem?", "dem", False),
        ("d.mo", "demo", False),
        ("*", "a\nb", True),
    ],
)
def test_a_tag_is_asked_for_as_ec2_filters(wanted: str, carried: str, met: bool) -> None:
    assert fits(wanted, carried) is met


def test_the_group_that_eks_makes_carries_the_clusters_name_alone() -> None:
    assert tags_of_cluster_group("demo") == {
        "Name": "eks-cluster-sg-demo-",
        "kubernetes.io/cluster/demo": "owned",
        "aws:eks:cluster-name": "demo",
    }


@pytest.mark.parametrize(
    ("network", "remedy"),
    [
        (
            True,
            "Attach AmazonEKSWorkerNodePolicy and AmazonEC2ContainerRegistryPullOnly and AmazonEKS_CNI_Policy, "
            "each as policyArn: arn:aws:iam::aws:policy/NAME; AmazonEKS_CNI_Policy may go to an identity of aws-node "
            "instead.",
        ),
        (
            False,
            "Attach AmazonEKSWorkerNodePolicy and AmazonEC2ContainerRegistryPullOnly, "
            "each as policyArn: arn:aws:iam::aws:policy/NAME.",
        ),
    ],
)
def test_what_a_role_of_nodes_lacks_is_named(network: bool, remedy: str) -> None:
    finding = lacking((), (), network=network)
    assert finding is not None
    assert finding.remedy == remedy


@pytest.mark.parametrize("advertised", ["no address", "PLAINTEXT://:9092", "", "kafka-0.kafka:9092,no address"])
def test_an_address_of_kafka_that_cannot_be_read_is_left_to_the_broker(advertised: str) -> None:
    assert bad_address({"KAFKA_BROKER_ID": "1", "KAFKA_ADVERTISED_LISTENERS": advertised}) is None


@pytest.mark.parametrize(
    ("duration", "problem"),
    [
        ("1h30m", None),
        ("1s", None),
        ("Never", "Never is no duration: it would never end"),
        ("never", "'never' is no duration"),
        ("0h", "'0h' is no time at all"),
    ],
)
def test_a_duration_ends(duration: str, problem: str | None) -> None:
    finding = bad_duration(duration)
    assert (finding.problem if finding else None) == problem


@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("notes", "-----BEGIN RSA PRIVATE KEY-----\nabc", "it holds a private key"),
        ("db-password", "hunter2", "it holds a secret, by its name"),
        ("db-password", "a\nb", None),
        ("db-password", "$(PASSWORD)", None),
        ("db-password", "/run/secrets/password", None),
        ("greeting", "hello", None),
        ("greeting", "/hello", None),
    ],
    ids=range(7),
)
def test_a_secret_lies_open_by_its_name_or_its_form(name: str, value: str, what: str | None) -> None:
    finding = open_secret(name, value)
    assert (finding.problem.partition(":")[0] if finding else None) == what


def test_a_password_on_the_command_line_is_told_and_a_variable_is_none() -> None:
    assert on_the_command_line("--db-password=hunter2") is not None
    assert on_the_command_line("--password=$(PASSWORD)") is None
    assert on_the_command_line("--user=me") is None


def test_secrets_without_a_value_are_found_in_text() -> None:
    text = "user:\npassword:\napi_key: ''\nauth_token:\n\n  name: x\nexport JWT_SECRET=\nclient_secret: x\n"
    assert list(empty_lines(text)) == ["password", "api_key", "JWT_SECRET"]
    assert list(empty_lines("password:")) == ["password"]


@pytest.mark.parametrize(
    ("group", "custom"),
    [
        ("core", False),
        ("apps", False),
        ("rbac.authorization.k8s.io", False),
        ("snapshot.storage.k8s.io", True),
        ("cluster.x-k8s.io", True),
        ("example.com", True),
    ],
)
def test_kinds_of_some_groups_are_there_only_with_their_crds(group: str, custom: bool) -> None:
    assert is_custom(group) is custom


def test_some_manifests_are_known_by_their_address() -> None:
    address = "https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.6.1/standard-install.yaml"
    assert of_manifest(address) == ("gateway.networking.k8s.io",)
    assert of_manifest("https://example.com/crds.yaml") is None


@pytest.mark.parametrize(
    ("resources", "pod", "missing"),
    [
        ({"requests": {"cpu": "1"}, "limits": {"memory": "1Gi"}}, {}, None),
        ({"limits": {"cpu": "1", "memory": "1Gi"}}, {}, None),
        ({}, {"requests": {"cpu": "1"}, "limits": {"memory": "1Gi"}}, None),
        ({"requests": {"cpu": "1", "memory": "1Gi"}}, {}, "memory limit"),
        ({"limits": {"memory": "1Gi"}}, {}, "cpu request"),
        ({"requests": {"cpu": 0}, "limits": {"memory": "0Gi"}}, {}, "memory limit and no cpu request"),
        ({"requests": "junk", "limits": None}, {}, "memory limit and no cpu request"),
        ({"requests": {"cpu": "much"}, "limits": {"memory": "much"}}, {}, None),
    ],
    ids=range(8),
)
def test_a_container_states_memory_and_cpu_itself_or_by_its_pod(resources: Any, pod: Any, missing: str | None) -> None:
    finding = unstated_resources(resources, pod)
    assert (finding.problem if finding else None) == (f"it states no {missing}" if missing else None)


def test_actions_of_a_service_are_written_as_policies_name_them() -> None:
    assert of_service("dynamodb", "GetItem PutItem") == {"dynamodb:GetItem", "dynamodb:PutItem"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("${name}", "'${name}'"),
        ("${it's}", "with text in it"),
        ("{{ a b }} ${c}", "'{{ a b }}'"),
        ("${aws:username}", "'${aws:username}'"),
        ("$name {name}", None),
    ],
    ids=range(5),
)
def test_what_was_not_filled_in_is_told_where_it_is_a_name(text: str, told: str | None) -> None:
    finding = left_over_template(text)
    assert (finding and finding.problem) == (told and f"the placeholder {told} was never filled in")


def test_variables_of_iam_hide_no_others_beside_them() -> None:
    assert left_over_template("${aws:username}/${*}", policy=True) is None
    for text in ("${aws:username}/${team}", "${team}/${aws:username}", "{{ ${aws:username} }}"):
        assert left_over_template(text, policy=True) is not None
    assert left_over_template("$${aws:username}{a}", policy=True) is None

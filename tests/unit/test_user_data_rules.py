"""User data as nodes read it, at the edges of its forms."""

import base64
import gzip

import pytest

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.user_data import AL2, AL2023, BOTTLEROCKET, decoded, unreadable

SCRIPT = "#!/bin/bash\necho hello\n"
CONFIG = "apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\n"
HEADER = 'Content-Type: multipart/mixed; boundary="//"\n\n'
BODY = f"--//\nContent-Type: application/node.eks.aws\n\n{CONFIG}\n--//--\n"
WHOLE = f"MIME-Version: 1.0\n{HEADER}{BODY}"
NO_PARTS = "its MIME message has no parts: the boundary that its header names does not stand in it"
NO_OTHER = f"it is no MIME multi-part message, and {AL2023} nodes take no other"


def problem(family: str, text: str, *, merged: bool = False) -> str | None:
    finding = unreadable(family, text, merged=merged)
    return finding and finding.problem


@pytest.mark.parametrize(
    "text", [SCRIPT, "#cloud-config\nruncmd: [ls]\n", "#cloud-boothook\nls\n", " \n"], ids=range(4)
)
@pytest.mark.parametrize("family", [AL2023, AL2])
def test_what_cloud_init_reads_is_read(family: str, text: str) -> None:
    assert problem(family, text) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (WHOLE, None),
        (f"{HEADER}{BODY}", None),
        (f"\n\n{WHOLE}", None),
        (WHOLE.replace("MIME-Version", "mime-version"), None),
        (f" {WHOLE}", NO_OTHER),
        (f"X{WHOLE}", NO_OTHER),
        (WHOLE.replace("--//", "--other"), NO_PARTS),
        ("MIME-Version: 1.0\nContent-Type: multipart/mixed\n\nhello\n", NO_PARTS),
        (f"MIME-Version: 1.0\nContent-Type: text/x-shellscript\n\n{SCRIPT}", NO_PARTS),
    ],
    ids=range(9),
)
def test_a_message_has_parts_and_begins_at_once(text: str, told: str | None) -> None:
    assert problem(AL2023, text, merged=True) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a = ", "it is no TOML (at end of document), and Bottlerocket nodes read no other"),
        ("(a", "it is no TOML (at line 1, column 1), and Bottlerocket nodes read no other"),
        (f"a = {'[' * 5000}", "it is no TOML (somewhere), and Bottlerocket nodes read no other"),
        ("", None),
        ("[settings]\n", None),
        ("[settings.host]\nname = 1\n", None),
        ("settings = []\n", "its settings are no table, so Bottlerocket reads none of them"),
        ("[settings]\nkubernetes = []\n", "settings.kubernetes is no table, so the kubelet is not configured"),
    ],
    ids=range(8),
)
def test_settings_are_tables_of_toml(text: str, told: str | None) -> None:
    assert problem(BOTTLEROCKET, text) == told


@pytest.mark.parametrize(
    "text", ["kind: [", "kind: NodeConfig", "[]", f"a: {'[' * 5000}", "a: 2026-99-99", ""], ids=range(6)
)
def test_a_part_that_is_no_node_config_is_told(text: str) -> None:
    told = "it is neither MIME multi-part, nor a script, nor a NodeConfig in YAML"
    assert problem(AL2023, WHOLE.replace(CONFIG, text)) == told


def test_base64_is_decoded_as_ec2_takes_it() -> None:
    lines = base64.encodebytes(SCRIPT.encode() * 9).decode()
    assert lines.count("\n") > 1
    assert decoded(lines) == SCRIPT * 9
    assert decoded(base64.b64encode(b"caf\xe9").decode()) == "caf\ufffd"
    assert decoded(base64.b64encode(gzip.compress(WHOLE.encode())).decode()) == ""
    for wrong in (SCRIPT, "aGVsbG8=$", "aGVsbG8"):
        finding = decoded(wrong)
        assert isinstance(finding, Finding)
        assert finding.problem == "it is not in base64, as EC2 takes it"

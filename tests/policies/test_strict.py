"""The configuration under which our own stacks pass: every policy mandatory, advice too, and no exemption."""

import re
from datetime import date
from pathlib import Path

import pulumi_policy.policy as sdk
from pulumi.runtime import proto

from pokayoke_policies.pack import policies
from pokayoke_rehearsal.engine.policy_config import reconciled
from pokayoke_rehearsal.pack_config import PackConfig, Setting

REPOSITORY = Path(__file__).parents[2]
STRICT = "policies/strict.json"


def test_it_makes_every_policy_mandatory_and_excuses_nothing() -> None:
    settings = PackConfig.read(REPOSITORY / STRICT).settings
    assert settings == {"all": Setting("mandatory")}
    made = policies(date(2026, 11, 21))
    servicer = sdk._PolicyAnalyzerServicer("pack", "0", made, sdk.EnforcementLevel.ADVISORY)
    configs = reconciled(servicer.GetAnalyzerInfo(None, None), settings)
    assert configs.keys() == {policy.name for policy in made}
    assert {one.enforcementLevel for one in configs.values()} == {proto.EnforcementLevel.Value("MANDATORY")}


def test_what_each_policy_takes_for_granted_its_own_schema_allows() -> None:
    """An engine refuses the whole pack otherwise."""
    made = policies(date(2026, 11, 21))
    servicer = sdk._PolicyAnalyzerServicer("pack", "0", made, sdk.EnforcementLevel.ADVISORY)
    reconciled(servicer.GetAnalyzerInfo(None, None), {policy.name: Setting("advisory") for policy in made})


def test_the_pages_say_how_to_run_it() -> None:
    for page in ("docs/policies.md", "policies/README.md"):
        (command,) = re.findall(r"^\$ (pokayoke rehearse .*strict.*)$", (REPOSITORY / page).read_text(), re.MULTILINE)
        assert command == f"pokayoke rehearse dev --until preview --policy-pack-config {STRICT}"

"""States are kept apart, encrypted, and lost only by whoever names what they lose."""

import json
import runpy
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from registrations import Registered, record

from pokayoke_eks import StateBackend, StateBackendConfig
from pokayoke_eks.config import ConfigErrors
from pokayoke_eks.rules import names, states

BUCKET, KEY, POLICY = "aws:s3/bucket:Bucket", "aws:kms/key:Key", "aws:s3/bucketPolicy:BucketPolicy"
SAID: dict[str, Any] = {"name": "demo", "region": "ap-northeast-2", "environments": ["dev", "prod"]}
LOOKUPS = {"aws:index/getCallerIdentity:getCallerIdentity": lambda _: {"accountId": "123456789012"}}


def backend(**fields: Any) -> Registered:
    """What it registers, and a parameter for each thing that it offers."""
    config = StateBackendConfig.model_validate({**SAID, **fields})

    def program() -> None:
        made = StateBackend("demo", config)
        for one in config.environments:
            policy = made.access_policy(one).apply(json.dumps)
            aws.ssm.Parameter(f"policy-{one}", type="String", description=policy)
            aws.ssm.Parameter(f"login-{one}", type="String", description=made.logins[one])

    return record(program, lookups=LOOKUPS)


@pytest.fixture(scope="module")
def made() -> Registered:
    return backend()


def offered(made: Registered, name: str) -> str:
    (found,) = [one for one in made if one.name == name]
    return str(found.inputs["description"])


def test_every_state_has_versions_and_is_encrypted_with_a_key_that_rotates(made: Registered) -> None:
    versions = made.one("aws:s3/bucketVersioning:BucketVersioning")
    assert versions.inputs["versioningConfiguration"] == {"status": "Enabled"}
    encryption = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    (rule,) = made.one(encryption).inputs["rules"]
    assert rule["applyServerSideEncryptionByDefault"]["sseAlgorithm"] == "aws:kms"
    assert made.goes_before(made.one(encryption), made.one(KEY))
    assert made.one(KEY).inputs["enableKeyRotation"] is True


def test_nobody_reaches_it_from_outside_or_without_tls(made: Registered) -> None:
    closed = made.one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock")
    assert {value for key, value in closed.inputs.items() if key != "bucket"} == {True}
    (statement,) = json.loads(made.one(POLICY).inputs["policy"])["Statement"]
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_each_environment_has_a_folder_and_secrets_of_its_own(made: Registered) -> None:
    """`environment-isolation`"""
    assert offered(made, "login-dev") == "s3://demo-123456789012-apne2-state/dev?region=ap-northeast-2"
    providers = [states.secrets_provider("demo", one, "ap-northeast-2") for one in ("dev", "prod")]
    assert providers[0] == "awskms://alias/demo-state?region=ap-northeast-2&context_environment=dev"
    assert providers[0] != providers[1]


def test_who_deploys_one_environment_reads_neither_states_nor_secrets_of_another(made: Registered) -> None:
    """`environment-isolation`"""
    statements = {one["Sid"]: one for one in json.loads(offered(made, "policy-dev"))["Statement"]}
    (objects,) = statements["States"]["Resource"]
    assert objects.endswith("/dev/*")
    assert statements["Secrets"]["Condition"] == {"StringEquals": {f"kms:EncryptionContext:{states.CONTEXT}": "dev"}}
    (bucket,) = statements["List"]["Resource"]
    assert statements["Objects"]["Condition"] == {"StringEquals": {"kms:EncryptionContext:aws:s3:arn": bucket}}


def test_it_refuses_to_go_until_somebody_names_it(made: Registered) -> None:
    """`state-bucket-not-empty`"""
    assert made.one(BUCKET).inputs["forceDestroy"] is False
    own = [one for one in made if one.type.startswith(("aws:s3/", "aws:kms/"))]
    assert {one.protect for one in own} == {True}


def test_the_word_lets_bucket_states_and_key_go(made: Registered) -> None:
    """`state-bucket-not-empty`"""
    lifted = backend(empty_and_remove="demo")
    assert lifted.one(BUCKET).inputs["forceDestroy"] is True
    assert not [one for one in lifted if one.protect]
    assert {one.urn for one in lifted} == {one.urn for one in made}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"empty_and_remove": "other"},
            r"empty_and_remove: 'other' is not the name .*\[state-bucket-not-empty\]. Write demo",
        ),
        ({"empty_and_remove": True}, "empty_and_remove: the switch true does not belong here"),
        ({"environments": []}, "environments: it names no environment"),
        (
            {"environments": ["dev", "dev"]},
            r"environments\[1\]: this environment is named twice .environment-isolation",
        ),
        ({"environments": ["../prod"]}, r"environments\[0\]: '../prod' cannot name an environment"),
        ({"name": "a" * 40}, "name: with account and region .* at most 38 characters"),
    ],
)
def test_what_would_lose_or_mix_states_is_refused(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigErrors, match=said) as refused:
        StateBackendConfig.model_validate({**SAID, **fields})
    assert len(refused.value.errors) == 1


@settings(deadline=None, max_examples=60)
@given(st.text(st.sampled_from("ab1-."), max_size=45), st.lists(st.text("a/.-", max_size=3), max_size=3))
def test_any_config_that_passes_has_a_legal_bucket_and_folders_apart(name: str, environments: list[str]) -> None:
    try:
        config = StateBackendConfig.model_validate({**SAID, "name": name, "environments": environments})
    except ConfigErrors:
        return
    bucket = names.state_bucket(config.name, "123456789012", config.region)
    assert len(bucket) <= 63
    assert bucket[0].isalnum()
    assert set(bucket) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len({f"{one}/" for one in config.environments}) == len(config.environments)
    assert not [one for one in config.environments if set(one) & set("/.")]


# The project


def run(repository: Path, state: Any) -> Registered:
    program = repository / "infra" / "bootstrap" / "__main__.py"
    config = {"pokayoke-eks:state": json.dumps(state)}
    return record(lambda: runpy.run_path(str(program), run_name="__main__"), config=config, lookups=LOOKUPS)


def test_it_is_a_project_of_its_own_that_runs_as_it_stands(repository: Path) -> None:
    folder = repository / "infra" / "bootstrap"
    project, stack = (yaml.safe_load((folder / one).read_text()) for one in ("Pulumi.yaml", "Pulumi.main.yaml"))
    assert project["name"] != yaml.safe_load((repository / "Pulumi.yaml").read_text())["name"]
    assert (folder / project["runtime"]["options"]["virtualenv"]).resolve() == (repository / ".venv").resolve()
    assert run(repository, stack["config"]["pokayoke-eks:state"]).one(BUCKET).protect


def test_a_wrong_config_is_told_in_the_config_s_words(repository: Path) -> None:
    with pytest.raises(pulumi.RunError, match=r"^environments: it is missing \[config\]"):
        run(repository, {key: value for key, value in SAID.items() if key != "environments"})

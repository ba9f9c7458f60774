"""Whatever is handed to the configs of zones, databases, images and states: a config, or located errors."""

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pokayoke_eks.config import ConfigErrors, DnsConfig, DsqlConfig, ExternalDnsConfig
from pokayoke_eks.config.registry import RegistryConfig
from pokayoke_eks.config.state import StateBackendConfig

REGION = "ap-northeast-2"
SOUND: dict[type[Any], dict[str, Any]] = {
    DnsConfig: {"name": "demo", "lifecycle": "retained", "domain": "dev.example.com"},
    ExternalDnsConfig: {"name": "demo", "lifecycle": "retained", "region": REGION},
    DsqlConfig: {"name": "demo", "lifecycle": "retained", "regions": [REGION]},
    RegistryConfig: {"name": "demo", "lifecycle": "retained", "region": REGION, "repositories": ["web"]},
    StateBackendConfig: {"name": "demo", "region": REGION, "environments": ["dev"]},
}
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.binary(max_size=3),
    st.sampled_from(["eu-west-1", "example.com", "*.example.com", "1.22.0", "account-wide", "demo", "${x}", "service"]),
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=2),
    max_leaves=6,
)
ONE_FIELD = st.sampled_from([(config, field) for config in SOUND for field in (*config.model_fields, "other")])
HOST = re.compile(r"(((?!-)[A-Za-z0-9-]{0,62}[A-Za-z0-9])\.)+((?!-)[A-Za-z0-9-]{1,62}[A-Za-z0-9])")
"""What ACM takes for a domain (botocore's model of RequestCertificate), less a leading wildcard."""


@given(ONE_FIELD, ANYTHING)
def test_any_value_in_any_field_is_judged(place: tuple[type[Any], str], value: object) -> None:
    config, field = place
    said = {**SOUND[config], field: value}
    before = repr(said)
    try:
        config.model_validate(said)
    except ConfigErrors as refused:
        lines = str(refused).splitlines()
        assert len(lines) == len(refused.errors)  # noqa: PT017 - a config that passes is as good
        assert "pydantic" not in str(refused)  # noqa: PT017
    assert repr(said) == before


@given(st.text(st.sampled_from("ab1.-_*A ü"), max_size=14))
def test_any_domain_that_passes_is_one_that_a_certificate_can_be_for(domain: str) -> None:
    try:
        config = DnsConfig.model_validate({**SOUND[DnsConfig], "domain": domain})
    except ConfigErrors:
        return
    assert HOST.fullmatch(config.domain)
    assert config.domain == config.domain.lower()

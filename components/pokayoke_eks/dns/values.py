"""What the release of the chart is told. Source of the keys: values.yaml of the chart `external-dns` 1.21.1, whose
templates render each into the flag of the same name."""

from typing import Literal

from ..config.dns import ExternalDnsConfig
from ..handles import Placement
from ..helm import Resources, Toleration, Values
from ..rules import external_dns, names
from ..rules.system_nodes import EXTERNAL_DNS


class Provider(Values):
    """Whose zones these are."""

    name: Literal["aws"] = "aws"


class Variable(Values):
    """An environment variable."""

    name: str
    value: str


class ExternalDnsValues(Values):
    """The chart's values, less `extraArgs`, which hold an output."""

    provider: Provider = Provider()
    sources: tuple[str, ...]
    policy: Literal["sync"] = "sync"
    """Records go with their routes; the chart's own `upsert-only` would leave every one of them behind."""
    registry: Literal["txt"] = "txt"
    txt_owner_id: str
    txt_prefix: str
    domain_filters: tuple[str, ...]
    managed_record_types: tuple[str, ...]
    trigger_loop_on_event: bool
    env: tuple[Variable, ...]
    resources: Resources
    node_selector: dict[str, str]
    tolerations: tuple[Toleration, ...]


def values(config: ExternalDnsConfig, domain: str, placement: Placement) -> ExternalDnsValues:
    """One replica on the system nodes, requests that are limits; it owns what it writes under the cluster's own name.

    It looks at what changed at once, and at everything every minute.
    """
    return ExternalDnsValues(
        sources=config.sources,
        txt_owner_id=names.record_owner(config.name, config.region),
        txt_prefix=external_dns.OWNERSHIP_PREFIX,
        domain_filters=(domain,),
        managed_record_types=external_dns.RECORD_TYPES,
        trigger_loop_on_event=True,
        # Route 53 has no regions and yet its SDK wants one; the metadata service, which it would ask, is out of reach.
        env=(Variable(name="AWS_REGION", value=config.region),),
        resources=Resources.of(EXTERNAL_DNS),
        node_selector=dict(placement.node_selector),
        tolerations=Toleration.of(placement),
    )

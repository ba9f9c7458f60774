"""What a stack's YAML may say: read whole, refused whole, every error with its path, its failure and its remedy."""

from dataclasses import dataclass
from datetime import date

from .access import ApiAccess
from .dns import DnsConfig, ExternalDnsConfig
from .dsql import Dsql, DsqlConfig
from .edge import Edge
from .errors import ConfigError, ConfigErrors
from .examine import examine
from .fields import Lifecycle
from .models import ClusterConfig, NetworkConfig, RegionConfig
from .platform import PlatformConfig
from .pools import KarpenterConfig, Limits, NodePoolsConfig, PoolConfig, StartupTaint, Taint
from .versions import AddonVersions, Versions

__all__ = [
    "AddonVersions",
    "ApiAccess",
    "ClusterConfig",
    "ConfigError",
    "ConfigErrors",
    "DnsConfig",
    "Dsql",
    "DsqlConfig",
    "Edge",
    "ExternalDnsConfig",
    "KarpenterConfig",
    "Lifecycle",
    "Limits",
    "Loaded",
    "NetworkConfig",
    "NodePoolsConfig",
    "PlatformConfig",
    "PoolConfig",
    "RegionConfig",
    "StartupTaint",
    "Taint",
    "Versions",
    "load",
]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A config, or all that is wrong with it; and what will be wrong with it soon."""

    config: PlatformConfig | None
    errors: tuple[ConfigError, ...]
    warnings: tuple[str, ...]


def load(raw: object, *, today: date) -> Loaded:
    """Reads what stands under `pokayoke-eks:platform`. Never raises, never changes `raw`, whatever it is."""
    examined = examine(PlatformConfig, raw, today)
    if examined.errors:
        return Loaded(None, examined.errors, ())
    return Loaded(PlatformConfig.of(examined.value), (), examined.warnings)

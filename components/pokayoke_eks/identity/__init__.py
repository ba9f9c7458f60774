"""The identity of a workload: where its pods run, as whom, and what they may do in AWS."""

from .component import WorkloadIdentity
from .config import IdentityConfig, PodSecurity

__all__ = ["IdentityConfig", "PodSecurity", "WorkloadIdentity"]

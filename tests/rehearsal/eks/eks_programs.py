"""All programs whose components the real provider was asked to build, besides those in `../shared/data/eks`."""

from eks_cluster_programs import CLUSTERS
from eks_computed_programs import COMPUTED
from eks_node_programs import NODES
from eks_vocabulary import Program

CASES: dict[str, Program] = {**CLUSTERS, **NODES, **COMPUTED}

UNSERVED_BY_NEWER_SDKS = {name for name, program in CASES.items() if "nodeGroupOptions" in program[-1][2]}
"""With these the real component waits for itself when built with a recent @pulumi/pulumi; recorded with 3.173."""

"""The double of Pulumi's `eks` package: its components are programs that register children with the engine."""

from pokayoke_rehearsal.doubles.eks.double import EksDouble

__all__ = ["EksDouble"]

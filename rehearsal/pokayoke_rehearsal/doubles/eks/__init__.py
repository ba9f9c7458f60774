"""The double of Pulumi's `eks` package, whose components are programs themselves: they register children with the engine."""

from pokayoke_rehearsal.doubles.eks.double import EksDouble

__all__ = ["EksDouble"]

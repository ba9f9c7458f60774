"""The `aws` double: Pulumi's AWS provider over moto's backends and what the world adds to them."""

from pokayoke_rehearsal.doubles.aws.double import AwsDouble

__all__ = ["AwsDouble"]

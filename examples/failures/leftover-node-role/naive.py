"""Karpenter's nodes get a role of a fixed name, as guides have it. An earlier cluster of that name left one behind."""

import raw

role, attached = raw.role("KarpenterNodeRole-demo", "ec2.amazonaws.com", *raw.PULLS)
profile = raw.aws.iam.InstanceProfile("KarpenterNodeRole-demo", role=role.name, opts=raw.after(*attached))

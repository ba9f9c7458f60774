"""The id of the VPC is written into the configuration, where an earlier stack had one."""

import pokayoke_eks as eks

named = {"name": "demo", "region": "ap-northeast-2", "lifecycle": "disposable"}
eks.NetworkConfig.model_validate(named | {"cidr": "vpc-0123456789abcdef0", "zones": ["a", "b"]})

"""A gateway's TLS policy is copied from an old balancer: it still takes TLS 1.0."""

import pokayoke_eks as eks

named = {"name": "demo", "region": "ap-northeast-2", "lifecycle": "disposable"}
eks.GatewayConfig.model_validate(named | {"hosts": ["api.example.com"], "tls_policy": "ELBSecurityPolicy-2016-08"})

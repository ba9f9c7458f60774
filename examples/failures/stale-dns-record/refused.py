"""An ExternalDNS that is older than the routes which the cluster serves: it would delete records that are wanted."""

import pokayoke_eks as eks

named = {"name": "demo", "region": "ap-northeast-2", "lifecycle": "disposable"}
eks.ExternalDnsConfig.model_validate(named | {"sources": ["gateway-httproute"], "version": "1.21.1"})

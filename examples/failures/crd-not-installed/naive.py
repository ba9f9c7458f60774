"""The team wanted its matching engine's metrics in Prometheus, and applied a ServiceMonitor and alerts beside it.

Prometheus Operator, which brings these kinds, was not in the cluster yet.
"""

import pulumi_kubernetes as k8s
import raw

cluster = raw.Cluster(raw.Network())


def monitoring(name, kind, **spec):
    return k8s.apiextensions.CustomResource(
        f"{name}-{kind}".lower(),
        api_version="monitoring.coreos.com/v1",
        kind=kind,
        metadata={"name": name, "namespace": "default"},
        spec=spec,
        opts=cluster.after(),
    )


monitoring("engine", "ServiceMonitor", selector={"matchLabels": {"app": "engine"}}, endpoints=[{"port": "metrics"}])
alert = {"alert": "EngineDown", "expr": 'up{job="engine"} == 0', "for": "5m"}
monitoring("engine", "PrometheusRule", groups=[{"name": "engine", "rules": [alert]}])

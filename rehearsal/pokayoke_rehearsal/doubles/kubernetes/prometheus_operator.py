"""The chart `prometheus-operator-crds`: the kinds of monitoring, which are not there before it (`crd-not-installed`).

Source: prometheus-community/helm-charts, charts/prometheus-operator-crds 16.0.0, which has them among its templates: an
uninstallation takes them away. Of its ten kinds only those that the log names are here.
"""

from __future__ import annotations

from pokayoke_rehearsal.doubles.kubernetes.charts import Chart, Installation, Rendered
from pokayoke_rehearsal.doubles.kubernetes.definitions import CustomKind

KINDS = tuple(
    CustomKind("monitoring.coreos.com", kind, f"{kind.lower()}s", True, ("v1",), "v1")
    for kind in ("PrometheusRule", "ServiceMonitor")
)


def _definitions(_: Installation) -> Rendered:
    return Rendered([kind.definition() for kind in KINDS], app_version="v0.78.2")


CHART = Chart("https://prometheus-community.github.io/helm-charts", "prometheus-operator-crds", _definitions)

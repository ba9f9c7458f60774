"""The team moved its mesh to ambient mode, and kept the chart of the ingress gateway that it had with sidecars."""

import raw
import raw_edge

cluster = raw.Cluster(raw.Network(), nodes=3)
base = raw_edge.istio(cluster, "base")
istiod = raw_edge.istio(cluster, "istiod", base, profile="ambient", autoscaleEnabled=False)
cni = raw_edge.istio(cluster, "cni", istiod, profile="ambient")
ztunnel = raw_edge.istio(cluster, "ztunnel", cni)
raw_edge.istio(cluster, "gateway", ztunnel, name="istio-ingressgateway", labels={"istio": "ingressgateway"})

"""What can be seen from this machine: the API server, charts, the zone's delegation; and logins that get in the way."""

import base64
from collections.abc import Iterator
from ipaddress import IPv4Address

from pokayoke_eks.rules import combinations, load_balancers, sources

from .verdict import Asking, Verdict, fine, refused, warning

PUBLIC_REGISTRIES = frozenset({"public.ecr.aws", "ghcr.io"})
"""Where the platform's OCI charts and images come from; none of them needs a login."""
_DOCUMENTATION = ("192.0.2.", "198.51.100.", "203.0.113.")


def logins(asking: Asking) -> Iterator[Verdict]:
    """No login for a public registry: once it is stale, Helm is refused where it would have needed none."""
    stale = sorted(PUBLIC_REGISTRIES & asking.machine.logins())
    if stale:
        yield warning(
            f"this machine is logged in to {', '.join(stale)}, a public registry",
            f"Run `docker logout {stale[0]}`: an expired login is refused, none is needed.",
            "public-registry-credentials",
        )
    else:
        yield fine("no login for a public registry")


def charts(asking: Asking) -> Iterator[Verdict]:
    """The charts and manifests that the environment installs are to be had from here, in their versions."""
    for part in _parts(asking):
        version = combinations.version_of(part, asking.platform.kubernetes, asking.platform.versions.stated)
        repository, names = _CHARTS.get(part, ("", ()))
        wanted = {f"chart {name} {version}": asking.machine.has_chart(repository, name, version) for name in names}
        wanted |= {url: asking.machine.has_file(url) for url in (one(version) for one in _MANIFESTS.get(part, ()))}
        for what, there in wanted.items():
            yield fine(what) if there else refused(f"there is no {what}", "Correct `versions`.")


def delegation(asking: Asking) -> Iterator[Verdict]:
    """Public DNS leads to the hosted zone: a certificate would wait for ever for one that nobody can find."""
    edge = asking.platform.edge
    if edge is None:
        return
    domain = edge.parent_zone or edge.domain
    if domain == "example.com" or domain.endswith(".example.com"):
        yield refused(f"{domain} is a domain of documentation", "State a domain of your own in `edge`.")
        return
    client = asking.clients("route53", asking.first_region)
    zones = client.list_hosted_zones_by_name(DNSName=domain)["HostedZones"]
    mine = [one for one in zones if one["Name"] == f"{domain}." and not one["Config"].get("PrivateZone")]
    if len(mine) != 1:
        found = "no public hosted zone" if not mine else f"{len(mine)} public hosted zones"
        yield refused(f"the account has {found} {domain}", "Exactly one must be there.", "stale-dns-record")
        return
    here = {str(one).rstrip(".") for one in client.get_hosted_zone(Id=mine[0]["Id"])["DelegationSet"]["NameServers"]}
    told = asking.machine.name_servers(domain)
    if told and told <= here:
        yield fine(f"{domain} is delegated to its hosted zone")
    else:
        to = ", ".join(sorted(told)) or "nobody"
        yield refused(
            f"public DNS delegates {domain} to {to}", f"Enter {', '.join(sorted(here))} where the domain is registered."
        )


def api_server(asking: Asking, region: str) -> Iterator[Verdict]:
    """The API server answers here, or will once it is there."""
    access = asking.platform.api_access
    if any(str(one).startswith(_DOCUMENTATION) for one in access.public):
        yield refused("`api_access` names a range of documentation", "State the range from which you work.")
        return
    cluster = asking.cluster(region)
    if cluster is None:
        yield _before_it_is_there(asking)
        return
    endpoint, authority = cluster["endpoint"], cluster["certificateAuthority"]["data"]
    command = ["aws", "eks", "get-token", "--cluster-name", asking.platform.name, "--region", region]
    code, text = asking.machine.run([*command, "--query", "status.token", "--output", "text"])
    if code != 0:
        yield refused("`aws eks get-token` fails", "Log in with the AWS CLI.")
        return
    try:
        version = asking.machine.version(endpoint, text.strip(), base64.b64decode(authority))
    except OSError as error:
        yield refused(f"{endpoint} does not answer here: {error}", "Connect to the network, or widen `api_access`.")
    else:
        yield fine(f"the API server answers: {version}")


def _before_it_is_there(asking: Asking) -> Verdict:
    access = asking.platform.api_access
    if not access.is_public:
        return warning("the API server will have no public endpoint", "Run `pulumi up` from inside the VPC's network.")
    address = asking.machine.public_address()
    if not address:
        return warning("the public address of this machine is not known", "See that `api_access` has it.")
    if any(IPv4Address(address) in one for one in access.public):
        return fine(f"{address} is in `api_access`")
    return refused(f"this machine's address {address} is not in `api_access`", f"Add {address}/32, or use a VPN.")


def _parts(asking: Asking) -> Iterator[str]:
    """What of `combinations.PARTS` the environment installs."""
    if asking.platform.pools:
        yield "karpenter"
    edge = asking.platform.edge
    if edge:
        yield from ("load_balancer_controller", "gateway_api", "external_dns")
    if edge and edge.gateway == load_balancers.ISTIO:
        yield "istio"


_CHARTS = {
    "karpenter": (sources.KARPENTER, ("karpenter-crd", "karpenter")),
    "load_balancer_controller": (sources.LOAD_BALANCER_CONTROLLER, ("aws-load-balancer-controller",)),
    "external_dns": (sources.EXTERNAL_DNS, ("external-dns",)),
    "istio": (sources.ISTIO, ("base", "istiod", "cni", "ztunnel")),
}
_MANIFESTS = {
    "gateway_api": (sources.gateway_api,),
    "load_balancer_controller": (sources.controller_gateway_kinds, sources.controller_kinds),
}

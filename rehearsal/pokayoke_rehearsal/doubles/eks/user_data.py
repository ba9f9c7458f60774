"""What a node is told at its first start: a shell script, a nodeadm document or Bottlerocket's settings."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import pulumi

from pokayoke_rehearsal.doubles.eks import toml_text, yaml_dump
from pokayoke_rehearsal.doubles.eks.ami import AL2, BOTTLEROCKET
from pokayoke_rehearsal.doubles.eks.values import Args, Value, first, given, joined, pick

CUSTOM_ARGUMENTS = ("bootstrapExtraArgs", "kubeletExtraArgs", "bottlerocketSettings", "nodeadmExtraOptions")

_PUNCTUATION = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"
"""ASCII as the collation of Unicode orders it, before digits and letters (unicode.org/reports/tr10)."""


@dataclass(frozen=True)
class UserData:
    """What the text is made from. `stack` is the CloudFormation stack's name, or the node group's where there is none.

    `kind` is "managed", "self-managed-v1" (which signals CloudFormation, and needs the region) or "self-managed-v2".
    """

    kind: str
    cluster: Mapping[str, Value]
    override: str | None = None
    kubelet_extra_args: str | None = None
    bootstrap_extra_args: str | None = None
    labels: Mapping[str, Value] | None = None
    taints: Mapping[str, Mapping[str, Value]] | None = None
    bottlerocket: Mapping[str, Value] | None = None
    nodeadm: Sequence[Mapping[str, Value]] = field(default_factory=tuple)
    extra: str | None = None
    stack: str = ""
    region: str = ""

    def text(self, system: str) -> str:
        """The user data, in clear; raises `RunError` for an argument that the operating system cannot do."""
        if self.override:
            return self.override
        if system == BOTTLEROCKET:
            return self._settings()
        return self._script() if system == AL2 else self._nodeadm_document()

    def _script(self) -> str:
        self._refuse_bottlerocket_settings("Linux")
        flags = self._kubelet_flags()
        extra = f" {self.bootstrap_extra_args}" if self.bootstrap_extra_args else ""
        if flags:
            joined_flags = flags[0] if len(flags) == 1 else f"'{' '.join(flags)}'"
            extra += f" --kubelet-extra-args {joined_flags}"
        cluster = self.cluster
        script = (
            f'#!/bin/bash\n\n/etc/eks/bootstrap.sh --apiserver-endpoint "{cluster["apiServerEndpoint"]}" '
            f'--b64-cluster-ca "{cluster["certificateAuthority"]}" "{cluster["name"]}"{extra}'
        )
        if self.kind == "managed":
            return (
                'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="==MYBOUNDARY=="\n\n--==MYBOUNDARY==\n'
                f'Content-Type: text/x-shellscript; charset="us-ascii"\n\n{script}\n--==MYBOUNDARY==--'
            )
        more = ""
        if self.extra:
            mark = f"{self.stack}-user-data"
            more = f"cat >/opt/user-data <<{mark}\n{self.extra}\n{mark}\nchmod +x /opt/user-data\n/opt/user-data\n"
        text = f"{script}\n{more}\n"
        return f"{text}{self._signal()}\n" if self.kind == "self-managed-v1" else text

    def _nodeadm_document(self) -> str:
        self._refuse_bottlerocket_settings("nodeadm")
        if self.bootstrap_extra_args:
            raise pulumi.RunError("The 'bootstrapExtraArgs' argument is not supported for nodeadm based user data.")
        cluster = {
            "name": self.cluster["name"],
            "apiServerEndpoint": self.cluster["apiServerEndpoint"],
            "certificateAuthority": self.cluster["certificateAuthority"],
            "cidr": self.cluster["serviceCidr"],
        }
        parts = [_node_config({"cluster": cluster})]
        flags = self._kubelet_flags()
        parts += [_node_config({"kubelet": {"flags": flags}})] if flags else []
        parts += [(item["contentType"], item["content"]) for item in self.nodeadm]
        shell = 'text/x-shellscript; charset="us-ascii"'
        if self.kind != "managed" and self.extra:
            parts.append((shell, self.extra))
        if self.kind == "self-managed-v1":
            parts.append((shell, f"#!/bin/bash\n\n{self._signal()}\n"))
        body = "".join(f"--BOUNDARY\nContent-Type: {kind}\n\n{content}\n" for kind, content in parts)
        return f'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="BOUNDARY"\n\n{body}--BOUNDARY--\n'

    def _settings(self) -> str:
        for name, value in (
            ("bootstrapExtraArgs", self.bootstrap_extra_args),
            ("kubeletExtraArgs", self.kubelet_extra_args),
        ):
            if value:
                raise pulumi.RunError(f"The '{name}' argument is not supported with Bottlerocket.")
        if self.kind != "managed" and self.extra:
            raise pulumi.RunError(
                "Bottlerocket does not support running scripts as part of the user data. If you need to run scripts, "
                "please use a different OS."
            )
        kubernetes: dict[str, Value] = {
            "cluster-name": self.cluster["name"],
            "api-server": self.cluster["apiServerEndpoint"],
            "cluster-certificate": self.cluster["certificateAuthority"],
            "cluster-dns-ip": dns_address(self.cluster["serviceCidr"]),
        }
        if self.labels is not None:
            kubernetes["node-labels"] = self.labels
        if self.taints is not None:
            taints = self.taints.items()
            kubernetes["node-taints"] = {
                key: f"{first(taint.get('value'), '')}:{taint.get('effect')}" for key, taint in taints
            }
        wanted = _object(self.bottlerocket)
        settings = _object(wanted.get("settings"))
        settings["kubernetes"] = {**kubernetes, **_object(settings.get("kubernetes"))}
        if self.kind == "self-managed-v1":
            signal = {"should-signal": True, "stack-name": self.stack, "logical-resource-id": "NodeGroup"}
            settings["cloudformation"] = {**signal, **_object(settings.get("cloudformation"))}
        return toml_text.stringify(_sorted({**wanted, "settings": settings}))

    def _refuse_bottlerocket_settings(self, kind: str) -> None:
        if self.bottlerocket is not None and self.kind != "self-managed-v1":
            raise pulumi.RunError(f"The 'bottlerocketSettings' argument is not supported for {kind} based user data.")

    def _kubelet_flags(self) -> list[str]:
        flags = self.kubelet_extra_args.split(" ") if self.kubelet_extra_args else []
        labels = [f"{key}={value}" for key, value in (self.labels or {}).items()]
        flags += [f"--node-labels={','.join(labels)}"] if labels else []
        taints = [_taint(key, taint) for key, taint in (self.taints or {}).items()]
        return flags + ([f"--register-with-taints={','.join(taints)}"] if taints else [])

    def _signal(self) -> str:
        return (
            f"/opt/aws/bin/cfn-signal --exit-code $? --stack {self.stack} --resource NodeGroup --region {self.region}"
        )


def cluster_of(cluster: Value, name: Value = None) -> pulumi.Output[Any]:
    """What user data says about the cluster. `cluster` is the EKS cluster's resource, or an output of it."""
    network = pick(cluster, "kubernetesNetworkConfig")
    values = {
        "name": name if given(name) else pick(cluster, "name"),
        "apiServerEndpoint": pick(cluster, "endpoint"),
        "certificateAuthority": pick(cluster, "certificateAuthority", "data"),
        "serviceCidr": network.apply(_service_cidr),
    }
    return joined(values).apply(lambda found: found[0])


def needs_custom(args: Args) -> bool:
    """Whether the arguments change the user data, which then is the program's matter altogether."""
    return any(args.get(name) is not None for name in CUSTOM_ARGUMENTS)


def dns_address(service_cidr: str) -> str:
    """The address of the cluster's DNS service: the tenth of the service range."""
    try:
        network = ipaddress.ip_network(service_cidr, strict=False)
        return str(network.network_address + 10)
    except ValueError as error:
        raise pulumi.RunError(f"Couldn't calculate the cluster dns ip based on the service CIDR. {error}") from error


def _service_cidr(network: Mapping[str, Value]) -> Value:
    return network.get("serviceIpv6Cidr" if network.get("ipFamily") == "ipv6" else "serviceIpv4Cidr")


def _node_config(spec: Mapping[str, Value]) -> tuple[str, str]:
    document = {"apiVersion": "node.eks.aws/v1alpha1", "kind": "NodeConfig", "spec": spec}
    return "application/node.eks.aws", "---\n" + yaml_dump.dump(document)


def _taint(key: str, taint: Mapping[str, Value]) -> str:
    value = taint.get("value")
    return f"{key}={value}:{taint.get('effect')}" if value else f"{key}:{taint.get('effect')}"


def _object(value: Value) -> dict[str, Value]:
    return dict(cast("Mapping[str, Value]", value)) if isinstance(value, Mapping) else {}


def _sorted(value: Value) -> Value:
    if not isinstance(value, Mapping):
        return value
    entries = cast("Mapping[str, Value]", value)
    return {key: _sorted(entries[key]) for key in sorted(entries, key=_collation)}


def _collation(key: str) -> tuple[list[tuple[int, str]], str]:
    """A sort key that orders as JavaScript's localeCompare does."""
    return [(_PUNCTUATION.find(char), char.lower()) if char in _PUNCTUATION else (99, char.lower()) for char in key], (
        key.swapcase()
    )

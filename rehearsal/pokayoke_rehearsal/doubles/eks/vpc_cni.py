"""The VPC CNI add-on: its settings are environment variables of its containers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pulumi

from pokayoke_rehearsal.doubles.eks.addons import ADDON, configuration_text, newest_version
from pokayoke_rehearsal.doubles.eks.children import Component, Custom, child_of
from pokayoke_rehearsal.doubles.eks.values import Args, Value, first, given, joined, js_text, output

_VARIABLES = (
    # argument, variable, default; one without a default is left out unless given
    ("nodePortSupport", "AWS_VPC_CNI_NODE_PORT_SUPPORT", None),
    ("customNetworkConfig", "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", None),
    ("warmIpTarget", "WARM_IP_TARGET", None),
    ("warmPrefixTarget", "WARM_PREFIX_TARGET", None),
    ("enablePrefixDelegation", "ENABLE_PREFIX_DELEGATION", None),
    ("logLevel", "AWS_VPC_K8S_CNI_LOGLEVEL", "DEBUG"),
    ("logFile", "AWS_VPC_K8S_CNI_LOG_FILE", "/host/var/log/aws-routed-eni/ipamd.log"),
    ("vethPrefix", "AWS_VPC_K8S_CNI_VETHPREFIX", "eni"),
    ("eniMtu", "AWS_VPC_ENI_MTU", "9001"),
    ("eniConfigLabelDef", "ENI_CONFIG_LABEL_DEF", None),
    ("pluginLogLevel", "AWS_VPC_K8S_PLUGIN_LOG_LEVEL", "DEBUG"),
    ("pluginLogFile", "AWS_VPC_K8S_PLUGIN_LOG_FILE", "/var/log/aws-routed-eni/plugin.log"),
    ("enablePodEni", "ENABLE_POD_ENI", "false"),
    ("cniConfigureRpfilter", "AWS_VPC_K8S_CNI_CONFIGURE_RPFILTER", None),
    # The same variable as customNetworkConfig, which this therefore overrides, by its default too.
    ("cniCustomNetworkCfg", "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", "false"),
)
_SNAT = "AWS_VPC_K8S_CNI_EXTERNALSNAT"


class VpcCniAddon(Component):
    """`eks:index:VpcCniAddon`: the add-on, and a patch of the DaemonSet for the one setting that the add-on lacks."""

    def __init__(self, name: str, args: Args, opts: pulumi.ResourceOptions) -> None:
        super().__init__("eks:index:VpcCniAddon", name, args, opts)
        if args.get("clusterName") is None:
            raise pulumi.RunError("Missing required option 'clusterName'")
        if not given(args.get("addonVersion")) and not given(args.get("clusterVersion")):
            raise pulumi.RunError(
                "You need to specify either `addonVersion` or `clusterVersion` to determine the version of the vpc-cni "
                "addon to use."
            )
        variables, init_variables = _environment(args)
        configuration = joined(
            variables, init_variables, args.get("enableNetworkPolicy"), first(args.get("configurationValues"), {})
        ).apply(lambda found: _configuration(*found))
        self.addon = Custom(
            ADDON,
            name,
            {
                "clusterName": args["clusterName"],
                "addonVersion": args["addonVersion"]
                if given(args.get("addonVersion"))
                else newest_version("vpc-cni", args["clusterVersion"], self),
                "addonName": "vpc-cni",
                "resolveConflictsOnCreate": first(args.get("resolveConflictsOnCreate"), "OVERWRITE"),
                "resolveConflictsOnUpdate": first(args.get("resolveConflictsOnUpdate"), "OVERWRITE"),
                "preserve": True,
                "configurationValues": configuration_text(configuration),
                "serviceAccountRoleArn": args.get("serviceAccountRoleArn"),
                "tags": args.get("tags"),
            },
            child_of(self),
        )
        if given(args.get("securityContextPrivileged")):
            _privileged(name, args["securityContextPrivileged"], self.addon, self)
        self.register_outputs({"addon": self.addon})

    def state(self) -> dict[str, Value]:
        """What the engine is told as the component's outputs."""
        return {"addon": self.addon}


def _environment(args: Args) -> tuple[dict[str, Value], dict[str, Value]]:
    """Variables of the main container and of the init container."""
    if given(args.get("cniExternalSnat")) and given(args.get("externalSnat")):
        raise pulumi.RunError("Please specify one of `cniExternalSnat` or `externalSnat` in your VpcCniOptions")
    warm = output(args.get("warmEniTarget"))
    variables: dict[str, Value] = {"WARM_ENI_TARGET": warm.apply(lambda value: js_text(first(value, 1)))}
    for argument, variable, default in _VARIABLES:
        if given(args.get(argument)):
            variables[variable] = _text(args[argument])
        elif default is not None:
            variables[variable] = default
    snat = next((args[key] for key in ("externalSnat", "cniExternalSnat") if given(args.get(key))), False)
    early_demux = args["disableTcpEarlyDemux"] if given(args.get("disableTcpEarlyDemux")) else False
    return {**variables, _SNAT: _text(snat)}, {"DISABLE_TCP_EARLY_DEMUX": _text(early_demux)}


def _text(value: Value) -> pulumi.Output[Any]:
    return output(value).apply(js_text)


def _configuration(
    variables: dict[str, Value], init_variables: dict[str, Value], network_policy: Value, given_values: Value
) -> dict[str, Value]:
    """The program's configuration over the component's, variable by variable."""
    config: dict[str, Value] = dict(cast("Mapping[str, Value]", given_values))
    if "enableNetworkPolicy" not in config and network_policy is not None:
        config["enableNetworkPolicy"] = "true" if network_policy else "false"
    config["env"] = {**variables, **_object(config.get("env"))}
    init = _object(config.get("init"))
    if "env" in init and not isinstance(init["env"], Mapping):
        config["init"] = init
    else:
        config["init"] = {**init, "env": {**init_variables, **_object(init.get("env"))}}
    return config


def _object(value: Value) -> dict[str, Value]:
    return dict(cast("Mapping[str, Value]", value)) if isinstance(value, Mapping) else {}


def _privileged(name: str, privileged: Value, addon: Custom, parent: pulumi.Resource) -> Custom:
    container = {"name": "aws-node", "securityContext": {"privileged": privileged}}
    return Custom(
        "kubernetes:apps/v1:DaemonSetPatch",
        name,
        {
            "apiVersion": "apps/v1",
            "kind": "DaemonSet",
            "metadata": {
                "name": "aws-node",
                "namespace": "kube-system",
                "annotations": {"pulumi.com/patchForce": "true"},
            },
            "spec": {"template": {"spec": {"containers": [container]}}},
        },
        child_of(parent, depends_on=[addon], retain_on_delete=True),
    )

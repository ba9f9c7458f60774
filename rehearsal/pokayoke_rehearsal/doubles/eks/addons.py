"""Managed add-ons: one of the program's choice, and what all of them have in common."""

from __future__ import annotations

from typing import Any

import pulumi

from pokayoke_rehearsal.doubles.eks.children import Component, Custom, child_of, invoke
from pokayoke_rehearsal.doubles.eks.values import Args, Value, given, json_text, output, pick

ADDON = "aws:eks/addon:Addon"
_PASSED_ON = (
    *("addonName", "addonVersion", "preserve", "resolveConflictsOnCreate", "resolveConflictsOnUpdate"),
    *("serviceAccountRoleArn", "tags"),
)


class Addon(Component):
    """`eks:index:Addon`: one add-on, below its cluster wherever the program put it. It registers no outputs."""

    def __init__(self, name: str, args: Args, opts: pulumi.ResourceOptions) -> None:
        cluster = args["cluster"]
        options = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(parent=cluster))
        super().__init__("eks:index:Addon", name, args, options)  # pyright: ignore[reportArgumentType]
        wanted = args.get("configurationValues")
        configuration = output(wanted).apply(json_text) if given(wanted) else None
        passed_on = {key: args.get(key) for key in _PASSED_ON}
        self.addon = Custom(
            ADDON,
            name,
            {
                **passed_on,
                "clusterName": pick(cluster.out("core"), "cluster", "name"),
                "configurationValues": configuration,
            },
            child_of(self),
        )

    def state(self) -> dict[str, Value]:
        """What the engine is told as the component's outputs."""
        return {"addon": self.addon}


def newest_version(addon: str, kubernetes: Value, parent: pulumi.Resource) -> pulumi.Output[Any]:
    """The newest version of the add-on for that Kubernetes, looked up anew each time."""
    query = {"addonName": addon, "kubernetesVersion": kubernetes, "mostRecent": True}
    return pick(invoke("aws:eks/getAddonVersion:getAddonVersion", query, parent), "version")


def configuration_text(values: Value) -> pulumi.Output[Any] | None:
    """The add-on's configuration as JSON with sorted keys, none when there is none."""
    if not given(values):
        return None
    text = output(values)
    return text.apply(lambda found: None if found is None else json_text(found, sort=True))

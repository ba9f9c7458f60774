"""Who may use the cluster: the aws-auth ConfigMap of old, access entries of now, and which of them a mode allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import pulumi

from pokayoke_rehearsal.doubles.eks import yaml_dump
from pokayoke_rehearsal.doubles.eks.children import Custom, child_of
from pokayoke_rehearsal.doubles.eks.values import Args, Value, given, joined, output, pick

_MODES = ("CONFIG_MAP", "API_AND_CONFIG_MAP", "API")
_AWS_AUTH_ARGUMENTS = ("roleMappings", "userMappings", "instanceRoles")


def supports_config_map(mode: Value) -> bool:
    """Whether the mode reads aws-auth, as EKS does when none is given."""
    return not given(mode) or mode in ("CONFIG_MAP", "API_AND_CONFIG_MAP")


def supports_access_entries(mode: Value) -> bool:
    """Whether the mode reads access entries."""
    return mode in ("API", "API_AND_CONFIG_MAP")


def validated(args: Args) -> dict[str, Value]:
    """The arguments, if the authentication mode can do with them; outputs among them are judged when they are known.

    Raises `RunError` for a mode that does not exist, aws-auth arguments in a mode without aws-auth, and access entries
    in one without.
    """
    mode = args.get("authenticationMode")
    if given(mode) and mode not in _MODES:
        raise pulumi.RunError(f"Invalid value for authenticationMode: {mode}. Allowed values are: {', '.join(_MODES)}.")
    checked = dict(args)
    if not supports_config_map(mode):
        checked |= {name: _empty(args[name], name, mode) for name in _AWS_AUTH_ARGUMENTS if name in args}
    if not supports_access_entries(mode) and given(args.get("accessEntries")):
        said = "not set" if mode is None else f"set to '{mode}'"
        raise pulumi.RunError(f"The 'accessEntries' property is not supported when 'authenticationMode' is {said}.")
    return checked


def _empty(value: Value, name: str, mode: Value) -> Value:
    def check(items: Value) -> Value:
        if items is not None and len(items) != 0:
            raise pulumi.RunError(
                f"The '{name}' property does not support non-empty values when 'authenticationMode' is set to '{mode}'."
            )
        return value

    return cast("pulumi.Output[Any]", value).apply(check) if isinstance(value, pulumi.Output) else check(value)


def aws_auth(instance_roles: pulumi.Output[Any], role_mappings: Value, user_mappings: Value) -> dict[str, Value]:
    """The data of the ConfigMap kube-system/aws-auth: nodes' roles after the program's."""
    arns = instance_roles.apply(lambda roles: [pick(role, "arn") for role in cast("list[Any]", roles)])
    roles = joined(role_mappings or [], arns).apply(
        lambda found: _mappings([*found[0], *map(_node, found[1])], "roleArn")
    )
    if not given(user_mappings):
        return {"mapRoles": roles}
    users = output(user_mappings).apply(lambda found: _mappings(found, "userArn"))
    return {"mapRoles": roles, "mapUsers": users}


def _node(arn: str) -> dict[str, Value]:
    groups = ["system:bootstrappers", "system:nodes"]
    return {"roleArn": arn, "username": "system:node:{{EC2PrivateDNSName}}", "groups": groups}


def _mappings(mappings: Sequence[Mapping[str, Value]], arn: str) -> str:
    entries = [
        {arn.lower(): mapping.get(arn), "username": mapping.get("username"), "groups": mapping.get("groups")}
        for mapping in mappings
    ]
    absent = [name for entry in entries for name, value in entry.items() if value is None]
    if absent:
        kind = "role" if arn == "roleArn" else "user"
        raise pulumi.RunError(
            f"The IAM {kind} mappings provided could not be properly serialized to YAML for the aws-auth ConfigMap"
        )
    return yaml_dump.dump(entries)


def access_entries(
    component: str, cluster: Custom, entries: Mapping[str, Mapping[str, Value]], parent: pulumi.Resource
) -> list[Custom]:
    """An access entry for each of the entries, and below it an association for each of its policies."""
    return [_access_entry(f"{component}-{key}", cluster, entry, parent) for key, entry in entries.items()]


def _access_entry(name: str, cluster: Custom, entry: Mapping[str, Value], parent: pulumi.Resource) -> Custom:
    properties = {key: entry.get(key) for key in ("kubernetesGroups", "principalArn", "tags", "type")}
    created = Custom(
        "aws:eks/accessEntry:AccessEntry",
        name,
        {**properties, "clusterName": cluster.out("name"), "userName": entry.get("username")},
        child_of(parent, depends_on=[cluster]),
    )
    policies: Mapping[str, Value] = entry.get("accessPolicies") or {}
    for key, association in policies.items():
        Custom(
            "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
            f"{name}-{key}",
            {
                "accessScope": pick(association, "accessScope"),
                "principalArn": entry.get("principalArn"),
                "policyArn": pick(association, "policyArn"),
                "clusterName": cluster.out("name"),
            },
            child_of(created, depends_on=[created]),
        )
    return created

"""Runs a program under Pulumi's mocks and keeps what it registers, with the edges between it.

The mock monitor makes no children of remote components. `eks.Cluster` gets the one that matters here,
`aws.eks.Cluster`, as pulumi-eks 4.4.0 registers it (cluster/cluster.ts), through the transforms that the program gave.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi
from google.protobuf.json_format import MessageToDict
from pulumi.runtime import mocks
from pulumi.runtime.proto import resource_pb2

from pokayoke_rehearsal.stack_lines import tell_lines_alone

ACCOUNT = "123456789012"
SIGNATURE, REFERENCE = "4dabf18193072939515e22adb298388d", "5cf8f73096256a8f31e491e813e4eb8e"
"""How a resource reference is marked on the wire."""
CONTROL_PLANE = "aws:eks/cluster:Cluster"


@dataclass(frozen=True)
class Registration:
    """A registered resource: its inputs as the engine gets them, and what it depends on."""

    urn: str
    type: str
    name: str
    parent: str
    custom: bool
    inputs: Mapping[str, Any]
    depends_on: frozenset[str]
    by_property: Mapping[str, frozenset[str]]
    provider: str
    protect: bool
    hooks: tuple[str, ...] = ()
    timeouts: Mapping[str, str] = field(default_factory=dict[str, str])
    replacement_trigger: Any = None
    replace_on_changes: tuple[str, ...] = ()
    delete_before_replace: bool | None = None
    ignore_changes: tuple[str, ...] = ()


class Registered:
    """All that a program registered."""

    def __init__(self, resources: Iterable[Registration]) -> None:
        self._all = {one.urn: one for one in resources}
        self._children: dict[str, list[str]] = {}
        for one in self:
            self._children.setdefault(one.parent, []).append(one.urn)
        self._reached: dict[str, set[str]] = {}

    def __iter__(self) -> Iterator[Registration]:
        return iter(self._all.values())

    def of_type(self, type_: str, **inputs: Any) -> list[Registration]:
        return [one for one in self if one.type == type_ and inputs.items() <= one.inputs.items()]

    def one(self, type_: str, **inputs: Any) -> Registration:
        found = self.of_type(type_, **inputs)
        assert len(found) == 1, f"{len(found)} of {type_} with {inputs}: {[one.name for one in found]}"
        return found[0]

    def goes_before(self, earlier: Registration, later: Registration) -> bool:
        """Whether a destroy deletes `earlier` before it deletes `later`: whether the one needs the other, over any
        path of the edges that the engine keeps."""
        return later.urn in self._needed_by(earlier)

    def _needed_by(self, one: Registration) -> set[str]:
        if one.urn not in self._reached:
            seen = self._reached[one.urn] = set()
            todo = [*self._edges(one)]
            while todo:
                urn = todo.pop()
                if urn not in seen and urn in self._all:
                    seen.add(urn)
                    todo += self._edges(self._all[urn])
        return self._reached[one.urn]

    def _edges(self, one: Registration) -> Iterator[str]:
        if one.parent:
            yield one.parent
        if one.provider:
            yield one.provider.rpartition("::")[0]
        for urn in one.depends_on:
            yield urn
            if urn in self._all and not self._all[urn].custom:
                yield from self._children.get(urn, ())


Given = Mapping[str, Any]
Answers = Mapping[str, Callable[[Given], Given]]
"""By token, what the account answers to what it is given."""


def record(
    program: Callable[[], object],
    *,
    config: Mapping[str, str] | None = None,
    lookups: Answers | None = None,
    computed: Answers | None = None,
    preview: bool = False,
) -> Registered:
    """What a program registers in an `up` against an empty account. Raises what the program raises.

    `lookups` answer its functions, by token, and what it reads, by type; `computed` gives further outputs of resources,
    by type. In a preview nothing is computed.
    """
    tell_lines_alone()
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    monitor = _Monitor(lookups or {}, computed or {}, preview)
    mocks.set_mocks(monitor.mocks, project="test", stack="test", preview=preview, monitor=monitor)
    pulumi.runtime.set_all_config(dict(config or {}))
    try:
        pulumi.runtime.test(lambda: (program(), None)[1])()
    finally:
        # The server of the transforms ends on the loop that it was started on.
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
    return Registered(monitor.registrations)


class _Lookups(mocks.Mocks):
    """What the components look up, and nothing else."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        """What is there already, and is read by its id."""
        return args.resource_id or "", self._answer(args.typ, {"id": args.resource_id})

    def call(self, args: mocks.MockCallArgs) -> dict[str, Any]:
        return self._answer(args.token, args.args)

    def _answer(self, token: str, asked: Given) -> dict[str, Any]:
        if token not in self._answers:
            raise AssertionError(f"the program asks the account: {token}")
        return dict(self._answers[token](asked))


class _Monitor(mocks.MockMonitor):
    """Answers as AWS would: an id, and what it computes. Resource references stay references: the SDK's own monitor
    turns them into resources on its worker threads, whose event loops nobody runs."""

    def __init__(self, lookups: Answers, computed: Answers, preview: bool) -> None:
        super().__init__(_Lookups(lookups))
        self._more, self._preview = computed, preview
        self.registrations: list[Registration] = []

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type == "pulumi:pulumi:Stack":
            return resource_pb2.RegisterResourceResponse(urn=urn)
        inputs = MessageToDict(request.object)
        self.registrations.append(
            Registration(
                urn=urn,
                type=request.type,
                name=request.name,
                parent=request.parent,
                custom=request.custom,
                inputs=inputs,
                depends_on=frozenset(request.dependencies),
                by_property={key: frozenset(value.urns) for key, value in request.propertyDependencies.items()},
                provider=request.provider or request.providers.get("aws", ""),
                protect=request.protect,
                hooks=tuple(name for names in request.hooks.ListFields() for name in names[1]),
                timeouts=MessageToDict(request.customTimeouts),
                replacement_trigger=MessageToDict(request.replacement_trigger)
                if request.HasField("replacement_trigger")
                else None,
                replace_on_changes=tuple(request.replaceOnChanges),
                delete_before_replace=request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None,
                ignore_changes=tuple(request.ignoreChanges),
            )
        )
        response = resource_pb2.RegisterResourceResponse(
            urn=urn, id="" if self._preview or not request.custom else f"{request.name}-id"
        )
        if request.type == "eks:index:Cluster":
            child = self._control_plane(request, urn, inputs)
            response.object.update({"eksCluster": {SIGNATURE: REFERENCE, "urn": child}})
        else:
            more = self._more.get(request.type, lambda _: {})(inputs)
            state = inputs if self._preview else {**_computed(request.type, request.name), **more, **inputs}
            response.object.update(state)
            self.resources[urn] = mocks.MockMonitor.ResourceRegistration(urn, response.id, state)
        return response

    def Invoke(self, request: Any) -> Any:  # noqa: N802
        found = self.resources.get(request.args["urn"]) if request.tok == "pulumi:pulumi:getResource" else None
        if found is None:
            return super().Invoke(request)
        response = resource_pb2.ResourceInvokeResponse()
        getattr(response, "return").update(found._asdict())
        return response

    def _control_plane(self, request: Any, parent: str, inputs: Mapping[str, Any]) -> str:
        """Registers `aws.eks.Cluster` as the component does; returns its URN."""
        endpoints = ("endpointPrivateAccess", "endpointPublicAccess", "publicAccessCidrs")
        passed = ("name", "version", "enabledClusterLogTypes", "tags", "upgradePolicy", "deletionProtection")
        props: dict[str, Any] = {
            **{key: inputs[key] for key in passed},
            "accessConfig": {
                "authenticationMode": inputs["authenticationMode"],
                "bootstrapClusterCreatorAdminPermissions": True,
            },
            "bootstrapSelfManagedAddons": True,
            "encryptionConfig": {"provider": {"keyArn": inputs["encryptionConfigKeyArn"]}, "resources": ["secrets"]},
            "kubernetesNetworkConfig": {"serviceIpv4Cidr": inputs["kubernetesServiceIpAddressRange"]},
            "vpcConfig": {
                "subnetIds": inputs["privateSubnetIds"],
                **{key: inputs[key] for key in endpoints if key in inputs},
            },
        }
        name = f"{request.name}-eksCluster"
        for transform in mocks._resolve_callbacks(request.transforms):
            result = transform(pulumi.ResourceTransformArgs(True, CONTROL_PLANE, name, props, pulumi.ResourceOptions()))
            props = dict(result.props) if result else props
        urn = self.make_urn(parent, CONTROL_PLANE, name)
        self.registrations.append(
            Registration(urn, CONTROL_PLANE, name, parent, True, props, frozenset(), {}, "", request.protect)
        )
        state = {
            **_computed(CONTROL_PLANE, props["name"]),
            **props,
            "endpoint": "https://example.eks.amazonaws.com",
            "certificateAuthority": {"data": "Y2VydGlmaWNhdGU="},
            "vpcConfig": {**props["vpcConfig"], "clusterSecurityGroupId": "sg-made-by-eks"},
        }
        self.resources[urn] = mocks.MockMonitor.ResourceRegistration(urn, props["name"], state)
        return urn


def _computed(type_: str, name: str) -> dict[str, Any]:
    service, _, kind = type_.partition(":")[2].partition("/")
    kind = kind.partition(":")[0].lower()
    return {
        "arn": f"arn:aws:{service}:ap-northeast-2:{ACCOUNT}:{kind}/{name}",
        "keyId": f"{name}-key",
        "latestVersion": 1,
        "name": name,
        "url": f"https://{service}.ap-northeast-2.amazonaws.com/{ACCOUNT}/{name}",
    }

"""Programs run against a component provider, and what it registered, as `../shared/data/eks` writes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eks_monitor import OUTPUT, REFERENCE, ROOT, SIGNATURE, RecordingMonitor, Registered, child_urn, construct, plain
from eks_vocabulary import Program

Record = dict[str, Any]


def run(
    address: str, program: list[tuple[str, str, dict[str, Any]]], monitor: RecordingMonitor, **options: Any
) -> None:
    """Builds the program in order: its components by the provider at `address`; other resources are just there."""
    urns: dict[str, str] = {}
    for kind, name, inputs in program:
        key = f"{kind}::{name}"
        if not kind.startswith("eks:"):
            urns[key] = monitor.known(kind, name, inputs).urn
            continue
        values = {field: _wire(value, monitor, urns) for field, value in inputs.items()}
        dependencies = {field: sorted(_depends_on(value, urns)) for field, value in inputs.items()}
        response = construct(address, monitor, kind, name, values, dependencies=dependencies, **options)
        urns[key] = response.urn
        # What the provider did not register as outputs itself, the engine takes from its answer.
        entry = monitor.by_urn[response.urn]
        entry.outputs = entry.outputs or plain(response.state)


def children(monitor: RecordingMonitor, program: Program) -> dict[str, Record]:
    """What was registered, by type and name, without the program's own components, which are registered once more."""
    own = {(kind, name) for kind, name, _ in program}
    entries = [entry for entry in monitor.registered if (entry.request.type, entry.request.name) not in own]
    records = {f"{entry.request.type}::{entry.request.name}": record(entry) for entry in entries}
    assert len(records) == len(entries), "a resource was registered twice"
    return records


def record(entry: Registered) -> Record:
    """One registration; what is empty or off is left out."""
    request = entry.request
    registers = hasattr(request, "ignoreChanges")
    found = {
        "type": request.type,
        "name": request.name,
        "parent": short(request.parent),
        "custom": request.custom if registers else True,
        "inputs": references(entry.inputs),
        "sdk_version": request.version,
        "provider": short(request.provider.rpartition("::")[0]),
        "dependsOn": sorted(short(urn) for urn in request.dependencies),
    }
    if not registers:
        return {**_filled(found), "read": entry.id}
    found |= {
        "providers": {package: short(urn.rpartition("::")[0]) for package, urn in request.providers.items()},
        "ignoreChanges": list(request.ignoreChanges),
        "aliases": [alias.spec.type for alias in request.aliases],
        "protect": request.protect,
        "retainOnDelete": request.retainOnDelete,
    }
    return _filled(found)


def functions(monitor: RecordingMonitor) -> list[Record]:
    """The functions invoked, each once; how often the same is asked for depends on the SDK."""
    seen = {
        (item["tok"], repr(sorted(item["args"].items())), item["version"], item["provider"]): item
        for item in monitor.invokes
    }
    return [
        {**item, "args": references(item["args"]), "provider": short(item["provider"].rpartition("::")[0])}
        for _, item in sorted(seen.items())
    ]


def references(value: Any) -> Any:
    """The value with references to resources as the recordings write them."""
    if isinstance(value, dict):
        if value.get(SIGNATURE) == REFERENCE:
            return {"$resource": value["urn"].split("::", 2)[2]}
        return {key: references(item) for key, item in value.items()}
    if isinstance(value, list):
        return [references(item) for item in value]
    return value


def short(urn: str) -> str:
    """Type and name of a URN, as the recordings write it."""
    if not urn:
        return ""
    _, _, qualified, name = urn.split("::", 3)
    return f"{qualified.rsplit('$', 1)[-1]}::{name}"


def _filled(found: Record) -> Record:
    return {key: value for key, value in found.items() if value or key in ("custom", "inputs")}


def _wire(value: Any, monitor: RecordingMonitor, urns: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_wire(item, monitor, urns) for item in value]
    if not isinstance(value, dict):
        return value
    if "$resource" in value:
        return monitor.reference(_urn(value["$resource"], urns))
    if "$output" in value:
        key, name = value["$output"]
        return monitor.by_urn[urns[key]].outputs[name]
    if "$computed" not in value:
        return {key: _wire(item, monitor, urns) for key, item in value.items()}
    known, secret = value["$computed"], value["secret"]
    result: dict[str, Any] = {SIGNATURE: OUTPUT, "secret": secret}
    if not secret:
        result["dependencies"] = [urns["aws:ec2/vpc:Vpc::vpc"]]
    if known is not None or not monitor.preview:
        result["value"] = "later" if known is None else _wire(known, monitor, urns)
    return result


def _urn(key: str, urns: Mapping[str, str]) -> str:
    """The URN of a resource by its short or qualified key."""
    return urns.get(key) or child_urn(ROOT, *key.split("::"))


def _depends_on(value: Any, urns: Mapping[str, str]) -> set[str]:
    if isinstance(value, list):
        return set[str]().union(*(_depends_on(item, urns) for item in value))
    if not isinstance(value, dict) or "$resource" in value or "$output" in value:
        return set()
    if "$computed" in value:
        return set() if value["secret"] else {urns["aws:ec2/vpc:Vpc::vpc"]}
    return set[str]().union(*(_depends_on(item, urns) for item in value.values()))

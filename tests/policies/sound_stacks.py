"""Sound stacks as data (`corpus/*.yaml`), put together for the pack: what well-known programs register, as it is on the
wire after the provider's check, in a preview and in an up.

In a file, `resources` are by name: `type`, `says` (inputs), `after`, `parent`, `provider`, `protect`. `!out vpc.id` is
an output of another resource, `!text "arn:{role.arn}"` a text with such, `!json` what a program writes as JSON, in the
way of the language in which the stack is `written`; `!document` what a policy-document helper makes of it.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from analyzing import UNKNOWN, Resource

CORPUS = Path(__file__).parent / "corpus"
ACCOUNT = "123456789012"
_IDS = {"Vpc": "vpc", "Subnet": "subnet", "SecurityGroup": "sg", "LaunchTemplate": "lt", "RouteTable": "rtb"}
_AUTONAMED = ("aws:iam/", "aws:ec2/securityGroup:", "aws:ec2/launchTemplate:", "aws:eks/cluster:", "aws:sqs/queue:")
_AS_JSON: Mapping[str, Mapping[str, Any]] = {
    "python": {},
    "typescript": {"separators": (",", ":")},
    "yaml": {"separators": (",", ":"), "sort_keys": True},
}


@dataclass(frozen=True)
class Reference:
    """A value with other resources' outputs in it: `{name.path}` in a text, or the text as a whole."""

    text: str

    @property
    def names(self) -> Iterator[tuple[str, str]]:
        """Each resource, and the path of the output."""
        yield from re.findall(r"\{([\w-]+)\.([\w.]+)\}", self.text)


@dataclass(frozen=True)
class Json:
    """What is written as JSON."""

    content: Any
    helper: bool = False


class _Loader(yaml.CSafeLoader):
    pass


_Loader.add_constructor("!out", lambda _, node: Reference(f"{{{node.value}}}"))
_Loader.add_constructor("!text", lambda _, node: Reference(node.value))
_Loader.add_constructor("!json", lambda made, node: Json(made.construct_mapping(node, deep=True)))
_Loader.add_constructor("!document", lambda made, node: Json(made.construct_mapping(node, deep=True), helper=True))


@dataclass(frozen=True)
class SoundStack:
    """A stack in which nothing is wrong."""

    name: str
    origin: str
    written: str
    said: Mapping[str, Mapping[str, Any]]

    def resources(self, *, preview: bool) -> tuple[Resource, ...]:
        """Its resources, as the engine hands them out."""
        return tuple(self._resource(name, preview=preview) for name in self.said)

    def _resource(self, name: str, *, preview: bool) -> Resource:
        one = self.said[name]
        unconfigured = preview and one["type"].startswith("kubernetes:") and "provider" in one
        asked = {key.partition(".")[0] for other, key in self._asked if other == name} - self._inputs[name].keys()
        return Resource(
            one["type"],
            name,
            {key: self._resolved(value, preview=preview) for key, value in self._inputs[name].items()},
            None if unconfigured else {key: self._output(name, key, preview=preview) for key in asked},
            after=tuple(one.get("after", ())),
            sources={key: tuple(found) for key, value in self._inputs[name].items() if (found := _sources(value))},
            parent=one.get("parent", ""),
            provider=one.get("provider", ""),
            protect=one.get("protect", False),
        )

    @cached_property
    def _inputs(self) -> dict[str, dict[str, Any]]:
        return {name: _checked(one["type"], name, dict(one.get("says", {}))) for name, one in self.said.items()}

    @cached_property
    def _asked(self) -> set[tuple[str, str]]:
        return {asked for said in self._inputs.values() for one in _references(said) for asked in one.names}

    def _output(self, name: str, path: str, *, preview: bool) -> Any:
        value: Any = self._inputs[name]
        for key in path.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        if value is not None:
            return self._resolved(value, preview=preview)
        return UNKNOWN if preview else _made_up(self.said[name]["type"], name, path, self._inputs[name])

    def _resolved(self, value: Any, *, preview: bool) -> Any:
        if isinstance(value, dict):
            return {key: self._resolved(inner, preview=preview) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._resolved(inner, preview=preview) for inner in value]
        if isinstance(value, Json):
            style = {"indent": 2} if value.helper else _AS_JSON[self.written]
            text = json.dumps(self._resolved(value.content, preview=preview), **style)
            return UNKNOWN if UNKNOWN in text else text
        if isinstance(value, Reference):
            text = value.text
            for name, path in value.names:
                output = self._output(name, path, preview=preview)
                if output == UNKNOWN:
                    return UNKNOWN
                text = text.replace(f"{{{name}.{path}}}", output)
            return text
        return value


def sound_stacks() -> list[SoundStack]:
    """The whole corpus."""
    found: list[SoundStack] = []
    for path in sorted(CORPUS.glob("*.yaml")):
        read = yaml.load(path.read_text(), _Loader)  # noqa: S506 - it is a safe one
        found.append(SoundStack(path.stem, read["origin"], read["written"], read["resources"]))
    return found


def _checked(kind: str, name: str, said: dict[str, Any]) -> dict[str, Any]:
    """Inputs with what the provider's check fills in."""
    if kind.startswith("aws:"):
        if kind.startswith(_AUTONAMED) and not {"name", "role", "policyArn"} & said.keys():
            said["name"] = f"{name}-1a2b3c4"
        if "tags" in said:
            said["tagsAll"] = said["tags"]
        return {**said, "__defaults": []}
    found = re.fullmatch(r"kubernetes:([\w.-]+)/(v\w+):(\w+)", kind)
    if found is None or found[1] in ("helm.sh", "yaml", "kustomize"):
        return said
    metadata = dict(said.get("metadata", {}))
    if "name" not in metadata:
        metadata["name"] = f"{name}-1a2b3c4d"
        metadata["annotations"] = {**metadata.get("annotations", {}), "pulumi.com/autonamed": "true"}
    version = found[2] if found[1] == "core" else f"{found[1]}/{found[2]}"
    return {"apiVersion": version, "kind": found[3], **said, "metadata": metadata}


def _made_up(kind: str, name: str, path: str, said: Mapping[str, Any]) -> str:
    """What the service may have answered."""
    number = hashlib.sha256(name.encode()).hexdigest()[:17]
    last, short = path.rpartition(".")[2], kind.rpartition(":")[2]
    if last == "id":
        return f"{_IDS[short]}-{number}" if short in _IDS else str(said.get("name", f"{name}-{number}"))
    if last.lower().endswith("arn"):
        of_iam = kind.startswith("aws:iam/")
        return f"arn:aws:{'iam:' if of_iam else 'x:ap-northeast-2'}:{ACCOUNT}:{short.lower()}/{said.get('name', name)}"
    return f"sg-{number}" if last == "clusterSecurityGroupId" else f"{name}-{last}-{number}"


def _references(value: Any) -> Iterator[Reference]:
    if isinstance(value, Reference):
        yield value
    elif isinstance(value, Json):
        yield from _references(value.content)
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _references(inner)


def _sources(value: Any) -> list[str]:
    return list(dict.fromkeys(name for one in _references(value) for name, _ in one.names))

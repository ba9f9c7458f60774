"""What one AWS resource type is to the double: a declaration, and the calls that make, read, change and delete it."""

# ruff: noqa: ARG002 (the calls of all resource types have one signature)
from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, ClassVar

from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import Difference, Inputs, Plain

Made = str | tuple[str, Inputs]
"""What `create` answers: the id of the new resource, or that and its outputs."""


@dataclass(frozen=True)
class Autoname:
    """How the real provider names a resource that the program does not name."""

    key: str = "name"
    longest: int | None = None
    suffix: str = ""
    prefix_key: str = "namePrefix"


class Resource:
    """A resource type. Subclasses declare it and write the four calls; they keep no state, all of it is in the world.

    Errors of boto3 pass through: the double words them as the real provider does.
    """

    pulumi_type: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]] = ()
    """Other tokens of the same type (`aws:s3/bucketV2:BucketV2`)."""
    service: ClassVar[str]
    noun: ClassVar[str]
    """What the real provider's errors call it: `creating EC2 VPC (...): ...`."""
    required: ClassVar[tuple[str, ...]] = ()
    autoname: ClassVar[Autoname | None] = None
    replace: ClassVar[tuple[str, ...]] = ()
    """Paths that cannot change in place (`ForceNew` of the Terraform resource)."""
    delete_before_replace: ClassVar[bool] = False
    saved_at_once: ClassVar[bool] = True
    """Whether a new resource that never becomes well is in the state, as with most; else only what was asked stands."""
    delete_again_after: ClassVar[tuple[str, ...]] = ()
    """Error codes of a deletion after which the real provider tries again until its time is over."""
    computed: ClassVar[tuple[str, ...]] = ()
    """Outputs that only `up` knows, beside the id."""
    tagged: ClassVar[bool] = False
    regional: ClassVar[bool] = True
    """Whether it takes the `region` argument; resources of global services do not."""
    operation: ClassVar[str] = ""
    """The API operation that creates it; `parameters` are checked against it before anything is made."""

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        """The parameters of `operation`; must pass unknown values through."""
        return {}

    def refusals(self, inputs: Inputs) -> list[tuple[str, str]]:
        """What the real provider refuses in Check beyond the API's own parameter rules: (property, reason)."""
        return []

    def planned(self, site: Site, inputs: Inputs) -> Inputs:
        """Outputs of a preview beside the inputs and the unknown `computed` ones: objects that are unknown in part."""
        return {}

    def kept(self, olds: Inputs, news: Inputs) -> Inputs:
        """Outputs of an update's preview beside the old ones and the inputs: objects of which an update keeps what was
        computed."""
        return {}

    def create(self, site: Site, inputs: Inputs) -> Made:
        """Makes the resource and answers its id, with its outputs where the answer tells them: else it is read."""
        raise NotImplementedError

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        """What AWS computed (at least), None when it is gone. `known` are inputs or state, empty in an import."""
        raise NotImplementedError

    def told_by(self, resource_id: str, state: Inputs) -> str:
        """What errors about waiting name the resource by."""
        return resource_id

    def live(self, site: Site, resource_id: str, known: Inputs) -> Inputs:
        """Inputs that somebody may have changed past the program, as they are, beside those that `read` tells."""
        return {}

    def same(self, key: str, stated: Plain, found: Plain, inputs: Inputs) -> bool:
        """Whether what AWS tells of a stated input is but another spelling of it, where only this type knows that."""
        return False

    def unsettled(self, site: Site, resource_id: str, state: Inputs) -> str:
        """Why the new or changed resource is not well yet, "" when it is; `state` is what was asked for."""
        return ""

    def final(self, site: Site, resource_id: str) -> bool:
        """Whether an unsettled resource will stay so whatever else happens."""
        return False

    def lingers(self, site: Site, resource_id: str, state: Inputs) -> str:
        """Why the resource is still there after its deletion, "" when it is gone; the double waits while it does."""
        return ""

    def also_replacing(self, old_inputs: Inputs, news: Inputs, found: Difference) -> Collection[str]:
        """Changed paths that replace because of their values, beside those in `replace`."""
        return ()

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        """Applies the changed top-level inputs. Tags of a `tagged` resource are not among them: see `retag`."""
        raise NotImplementedError

    def retag(self, site: Site, resource_id: str, state: Inputs, gone: Collection[str], tags: Inputs) -> None:
        """Removes the tags with the keys `gone` and sets `tags`."""
        raise NotImplementedError

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        """Deletes the resource as the real provider does."""
        raise NotImplementedError


def pick(inputs: Inputs, *keys: str, **renamed: str) -> dict[str, Any]:
    """The present inputs under the API's names: `cidrBlock` -> `CidrBlock`, or as `renamed` says (input=Parameter)."""
    found = {pascal(key): inputs[key] for key in keys if key in inputs}
    found |= {parameter: inputs[key] for key, parameter in renamed.items() if key in inputs}
    return found


def pascal(key: str) -> str:
    return key[:1].upper() + key[1:]


def pascal_keys(value: Any) -> Any:
    """The value with all keys of its objects in the API's spelling; not for maps whose keys are data."""
    if isinstance(value, dict):
        return {pascal(str(key)): pascal_keys(item) for key, item in value.items()}  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    if isinstance(value, list):
        return [pascal_keys(item) for item in value]  # pyright: ignore[reportUnknownVariableType]
    return value


def tag_list(tags: Inputs | None) -> list[dict[str, str]]:
    """Tags as most of AWS takes them."""
    return [{"Key": key, "Value": value} for key, value in (tags or {}).items()]


def tag_map(tags: list[dict[str, str]] | None) -> dict[str, str]:
    """Tags as Pulumi has them; AWS's own (`aws:...`) are not shown."""
    return {tag["Key"]: tag["Value"] for tag in tags or [] if not tag["Key"].startswith("aws:")}

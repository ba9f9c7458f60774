"""`pokayoke pins STACK`: writes the newest versions that AWS offers for the stack's Kubernetes into its file.

It reads only, from AWS and from the file; what it writes is the file.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from pokayoke.failing import CommandError
from pokayoke.pins_file import StackFile, find
from pokayoke_eks.config import load
from pokayoke_eks.rules.releases import ADDONS, bad_addon_version, bad_bottlerocket_release

NEEDED = ("platform", "kubernetes", "regions")
"""Of the config, what must be right before AWS can be asked. That other fields are wrong is for `up` to say."""


class Versions(Protocol):
    """What one region offers."""

    def addons(self, name: str, kubernetes: str) -> list[str]:
        """Versions of an add-on for this Kubernetes minor."""
        ...

    def bottlerocket(self, kubernetes: str) -> str:
        """The newest release of the node image for this Kubernetes minor."""
        ...


def pin(stack: str, *, directory: Path | None = None, ask: Callable[[str], Versions] | None = None) -> str:
    """Pins the stack, and says what changed. Looks for `Pulumi.STACK.yaml` in `directory` (the current one) and above;
    `ask` gives what a region offers (else AWS is asked). Raises `CommandError` with one clear text."""
    file = StackFile(find(stack, directory or Path.cwd()))
    kubernetes, regions = _asked_for(file.platform, file.name)
    offered = [(ask or _from_aws)(region) for region in regions]
    release = min((one.bottlerocket(kubernetes) for one in offered), key=_number)
    addons = {name: _newest(name, kubernetes, [one.addons(name, kubernetes) for one in offered]) for name in ADDONS}
    _believe(release, addons)

    changes = [_line("bottlerocket", file.put("bottlerocket", release, after="kubernetes"), release)]
    for name, version in addons.items():
        changes.append(_line(f"addons.{name}", file.put(name, version, within="addons", after="bottlerocket"), version))
    told = [line for line in changes if line]
    if not told:
        return f"{file.name}: already the newest for Kubernetes {kubernetes}"
    file.write()
    return "\n".join([f"{file.name}, for Kubernetes {kubernetes}:", *told])


def _asked_for(platform: Mapping[str, Any], name: str) -> tuple[str, list[str]]:
    errors = load(platform, today=datetime.now(UTC).date()).errors
    standing = [error for error in errors if re.split(r"[.\[]", error.path)[0] in NEEDED]
    if standing:
        raise CommandError("\n".join([f"{name}:", *(f"  {error}" for error in standing)]))
    return str(platform["kubernetes"]), [str(region) for region in platform["regions"]]


def _newest(addon: str, kubernetes: str, offered: list[list[str]]) -> str:
    """The newest version that every region offers."""
    common = [version for version in offered[0] if all(version in others for others in offered[1:])]
    if not common:
        raise CommandError(
            f"EKS offers no version of {addon} for Kubernetes {kubernetes} in all of the stack's regions"
        )
    return max(common, key=_number)


def _believe(release: str, addons: Mapping[str, str]) -> None:
    """What AWS answers is checked like what a user writes: nothing lands in the file that `up` would refuse."""
    for finding in (bad_bottlerocket_release(release), *map(bad_addon_version, addons.values())):
        if finding:
            raise CommandError(f"AWS answered what this release does not know: {finding.problem}")


def _line(name: str, before: object, version: str) -> str | None:
    return None if before == version else f"  {name}: {before or 'unset'} -> {version}"


def _number(version: str) -> tuple[int, ...]:
    """Orders `v1.14.6-eksbuild.4` and `1.65.0-0be31b34`, whose build id has no order."""
    release, _, build = version.removeprefix("v").partition("-")
    return tuple(int(digits) for digits in re.findall(r"\d+", f"{release} {build.partition('eksbuild.')[2]}"))


def _from_aws(region: str) -> Versions:
    from pokayoke.pins_aws import AwsVersions

    return AwsVersions(region)

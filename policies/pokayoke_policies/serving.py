"""The pack as Pulumi starts it, and a folder from which it can."""

from datetime import date
from importlib.metadata import version
from pathlib import Path

from pulumi_policy import EnforcementLevel, Policy, PolicyPack

from . import analyzer
from .pack import PACK_NAME, policies
from .sharing import share_deserialisation

_PROJECT = "description: The policies of pokayoke-eks\nversion: {version}\nruntime: python\n"
MAIN = "from pokayoke_policies.serving import serve\n\nserve()\n"


def serve(chosen: list[Policy] | None = None, *, name: str = PACK_NAME) -> None:
    """Serves the pack to whoever runs this program: `pulumi preview --policy-pack`. A pack of one's own has a `name`
    and `chosen` policies: some of these, and others."""
    share_deserialisation()
    analyzer.install()
    PolicyPack(name=name, policies=chosen or policies(date.today()), enforcement_level=EnforcementLevel.MANDATORY)


def write_folder(folder: Path) -> None:
    """Writes what Pulumi takes for a policy pack, for the interpreter on the PATH, into an empty folder."""
    (folder / "PulumiPolicy.yaml").write_text(_PROJECT.format(version=version(PACK_NAME)))
    (folder / "__main__.py").write_text(MAIN)

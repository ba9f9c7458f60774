"""Programs that tests write to a folder and run."""

from pathlib import Path

HEAD = """
import pulumi
from pulumi import ResourceOptions


class Thing(pulumi.CustomResource):
    computed: pulumi.Output[str]

    def __init__(self, name, opts=None, **props):
        super().__init__("echo:index:Thing", name, {**props, "computed": None}, opts)


class Group(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("echo:group:Group", name, {}, opts)


class Echo(pulumi.ProviderResource):
    def __init__(self, name, opts=None, **props):
        super().__init__("echo", name, props, opts)


class Pair(pulumi.ComponentResource):
    second: pulumi.Output[str]

    def __init__(self, name, opts=None, **props):
        super().__init__("comp:index:Pair", name, {**props, "second": None}, opts, remote=True)


step = pulumi.Config().require_int("step")
"""

FIFTEEN = """
group = Group("group")
roots = [Thing(f"root-{i}", value=f"{i} of {step}") for i in range(4)]
middles = [
    Thing(f"middle-{i}", left=roots[i].computed, right=roots[(i + 1) % 4].computed, step=step,
          opts=ResourceOptions(parent=group if i % 2 else None))
    for i in range(4)
]
leaves = [
    Thing(f"leaf-{i}", source=middles[i % 4].computed, step=step, secret=pulumi.Output.secret("hush"),
          opts=ResourceOptions(depends_on=[roots[i % 4]]))
    for i in range(6)
]
last = Thing("last", all=[leaf.computed for leaf in leaves], step=step, opts=ResourceOptions(depends_on=[group]))
pulumi.export("last", last.computed)
"""
FIFTEEN_NAMES = [
    *(f"root-{i}" for i in range(4)),
    *(f"middle-{i}" for i in range(4)),
    *(f"leaf-{i}" for i in range(6)),
    "last",
]


def write(folder: Path, body: str) -> Path:
    """A program's folder: the classes of the recordings, then `body`, which finds `step` in its config."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "__main__.py").write_text(HEAD + body)
    return folder

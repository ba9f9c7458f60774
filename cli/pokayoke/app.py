"""The commands and their options; what they do is imported when one is called, so that `--help` comes at once."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pokayoke.failing import readable

app = typer.Typer(
    name="pokayoke",
    help="EKS platforms in which the documented failures cannot be written, rehearsed without an account.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class Until(StrEnum):
    """The act after which a rehearsal ends."""

    PREVIEW = "preview"
    UP = "up"
    SECOND_UP = "second-up"
    OPERATE = "operate"


class Language(StrEnum):
    """The language in which failures are told."""

    ENGLISH = "en"
    KOREAN = "ko"


class Form(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"
    MARKDOWN = "markdown"


class Engine(StrEnum):
    """What runs the program."""

    EMBEDDED = "embedded"
    PULUMI = "pulumi"


@app.command()
def rehearse(
    stack: Annotated[str, typer.Argument(help="the stack, as in Pulumi.STACK.yaml")],
    *,
    until: Annotated[Until | None, typer.Option(help="end after this act")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="leave state and world for a next call")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="drop what an earlier call left")] = False,
    json: Annotated[bool, typer.Option("--json", help="one JSON document on stdout, nothing else there")] = False,
    policy_pack: Annotated[
        list[Path] | None,
        typer.Option(metavar="DIR", help="a policy pack; default: policies/ beside Pulumi.yaml. Repeatable"),
    ] = None,
    policy_pack_config: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE", help="its configuration, as `pulumi preview` takes it. One a pack, in their order"
        ),
    ] = None,
    fail: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RESOURCE[@create|update|delete][=MESSAGE]",
            help="let the provider fail on a resource (URN, name, type, or type and name). Repeatable",
        ),
    ] = None,
    program: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="a Python Pulumi program; default: the Pulumi.yaml of this folder or above"),
    ] = None,
    secret: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=VALUE", help="stands for a config value that is encrypted. Repeatable"),
    ] = None,
    clear_pending_creates: Annotated[
        bool,
        typer.Option(
            "--clear-pending-creates",
            help="begin with a refresh that drops creations which a killed rehearsal left, as pulumi refresh has it",
        ),
    ] = False,
    drift: Annotated[
        bool, typer.Option("--drift", help="change something by hand: a refresh must find it, an up repair it")
    ] = False,
    engine: Annotated[
        Engine, typer.Option(help="the embedded engine, or a real Pulumi CLI over the same doubles")
    ] = Engine.EMBEDDED,
) -> None:
    """Rehearse a stack's whole life without an account.

    Preview, up, a second up that must change nothing, operate, in which everything must live as it was asked to, and
    destroy, which must leave nothing.
    """
    with readable():
        from pokayoke.rehearse import Options, run

        options = Options(
            stack=stack,
            until=until.value if until else None,
            keep=keep,
            fresh=fresh,
            json=json,
            packs=tuple(policy_pack) if policy_pack else None,
            pack_configs=tuple(policy_pack_config or ()),
            faults=tuple(fail or ()),
            program=program,
            secrets=tuple(secret or ()),
            drift=drift,
            clear_pending_creates=clear_pending_creates,
        )
        if engine is Engine.PULUMI:
            from pokayoke.real_engine import run_under_pulumi

            raise typer.Exit(run_under_pulumi(options))
        raise typer.Exit(run(options))


@app.command()
def drift(
    stack: Annotated[str, typer.Argument(help="the stack, as in Pulumi.STACK.yaml")],
    *,
    json: Annotated[bool, typer.Option("--json", help="one JSON document on stdout, nothing else there")] = False,
) -> None:
    """Tell what was changed in the account past the program. Reads only.

    Exit codes: 0 nothing, 1 something was changed, 2 it could not be found out.
    """
    with readable():
        from pokayoke.drift import drift as tell

        raise typer.Exit(tell(stack, as_json=json))


@app.command()
def explain(
    slug: Annotated[
        str | None, typer.Argument(help="a failure, as errors name it; `-` reads a log from a pipe")
    ] = None,
    *,
    search: Annotated[
        str | None, typer.Option(metavar="TEXT", help="an error text, or a few words of your own")
    ] = None,
    lang: Annotated[Language, typer.Option(help="of what is told")] = Language.ENGLISH,
) -> None:
    """Tell what is known of a failure, or which failures an error text or a log shows, likeliest first.

    Exit codes: 0 found, 1 nothing known by this text.
    """
    with readable():
        from pokayoke.explain import explain as tell

        raise typer.Exit(tell(slug, search, korean=lang is Language.KOREAN))


@app.command()
def replay(
    slug: Annotated[str | None, typer.Argument(help="a failure, as errors name it")] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="every documented failure, as a table")] = False,
) -> None:
    """Play a failure as a team wrote it, which breaks as documented, and ours, in which it cannot be written.

    In a checkout, over examples/failures. Exit codes: 0 it is as promised, 1 something falls short.
    """
    with readable():
        from pokayoke.replay.command import replay as play

        raise typer.Exit(play(slug, everything=everything))


@app.command()
def check(
    *,
    state: Annotated[
        Path | None, typer.Option(metavar="FILE", help="a stack, as `pulumi stack export` writes it")
    ] = None,
    manifests: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Kubernetes YAML: a folder, or what `kustomize build` writes")
    ] = None,
    events: Annotated[
        Path | None, typer.Option(metavar="FILE", help="the event log of a `pulumi preview --policy-pack DIR`")
    ] = None,
    policy_pack_config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="levels, settings and exemptions, as for `pulumi preview`")
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="how findings are written")] = Form.TEXT,
) -> None:
    """Judge an exported stack or plain manifests by the policy pack, without an engine; or write what a preview found.

    Of manifests, what only shows between resources is not judged: a folder is but a part of what a cluster holds.
    Exit codes: 0 no mandatory finding, 1 findings, or files that cannot be read, 2 nothing can be read.
    """
    with readable():
        from pokayoke.check.command import check as judge

        raise typer.Exit(
            judge(state=state, manifests=manifests, events=events, config=policy_pack_config, form=form.value)
        )


@app.command()
def preview(
    stack: Annotated[str, typer.Argument(help="the stack, as in Pulumi.STACK.yaml")],
    *,
    policy_pack: Annotated[
        Path | None, typer.Option(metavar="DIR", help="a policy pack; default: the one that came with this command")
    ] = None,
    policy_pack_config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="its configuration", envvar="POKAYOKE_POLICY_PACK_CONFIG")
    ] = None,
    sarif: Annotated[Path | None, typer.Option(metavar="FILE", help="write findings for code scanning")] = None,
    junit: Annotated[Path | None, typer.Option(metavar="FILE", help="write findings as a test report")] = None,
    summary: Annotated[Path | None, typer.Option(metavar="FILE", help="write findings as a table in Markdown")] = None,
) -> None:
    """Preview a stack of any program under the policy pack, with the real Pulumi CLI, for CI.

    Exit codes: 0 no mandatory finding, 1 findings or a preview that failed, 2 there is no CLI.
    """
    with readable():
        from pokayoke.check.preview import Asked
        from pokayoke.check.preview import preview as run

        raise typer.Exit(run(Asked(stack, policy_pack, policy_pack_config, sarif, junit, summary)))


@app.command()
def pack(folder: Annotated[Path, typer.Argument(help="a folder that is not there yet")]) -> None:
    """Write the policy pack into a folder that needs nothing beside it, for `pulumi policy publish`."""
    with readable():
        from pokayoke.pack import pack as write

        write(folder)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a stack file, for completion in an editor."""
    with readable():
        from pokayoke.schema import schema as text

        typer.echo(text(), nl=False)


@app.command()
def pins(stack: Annotated[str, typer.Argument(help="the stack, as in Pulumi.STACK.yaml")]) -> None:
    """Write the newest add-on versions and Bottlerocket release that fit into the stack file (reads from AWS)."""
    with readable():
        from pokayoke.pins import pin

        typer.echo(pin(stack))


@app.command()
def preflight(stack: Annotated[str, typer.Argument(help="the stack, as in Pulumi.STACK.yaml")]) -> None:
    """Say what stands in the way of `pulumi up`: account, quotas, pins, names, DNS, this machine (reads only)."""
    with readable():
        from pokayoke.preflight.command import preflight as checked

        raise typer.Exit(checked(stack))


@app.command()
def sweep(
    stack: Annotated[str, typer.Argument(help="the stack, as in Pulumi.STACK.yaml")],
    *,
    remove: Annotated[bool, typer.Option("--remove", help="delete what was found, after asking")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False,
    state: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="an exported state: only what its interrupted creations made and it does not know"
        ),
    ] = None,
) -> None:
    """List what in-cluster controllers and AWS's own services left behind of a destroyed stack."""
    with readable():
        from pokayoke.sweep.command import sweep as swept

        raise typer.Exit(swept(stack, removing=remove, yes=yes, state=state))


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test(context: typer.Context) -> None:
    """Run the tests of a checkout, as `make test` does; further arguments go to pytest."""
    with readable():
        from pokayoke.checkout import run_tests

        raise typer.Exit(run_tests(context.args))


@app.command()
def lint() -> None:
    """Check format, lint, types and the direction of imports of a checkout, as `make lint` does."""
    with readable():
        from pokayoke.checkout import run_lint

        raise typer.Exit(run_lint())

"""`pokayoke rehearse --engine pulumi`."""

from pokayoke.failing import CommandError
from pokayoke.rehearse import Options, run
from pokayoke_rehearsal.under_pulumi import PulumiStage


def run_under_pulumi(options: Options) -> int:
    """Rehearses under a real Pulumi CLI; gives the exit code.

    Raises:
        CommandError: an option that only the embedded engine has, or what `run` raises.
    """
    for given, name in ((options.faults, "--fail"), (options.keep, "--keep"), (options.fresh, "--fresh")):
        if given:
            raise CommandError(f"{name} is for the embedded engine only: a real one runs on a throw-away backend")
    return run(options, PulumiStage)

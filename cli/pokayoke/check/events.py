"""What a real preview under policy packs wrote to its event log.

The CLI has the option `--event-log` where PULUMI_DEBUG_COMMANDS is true (pulumi 3.260, pkg/cmd/pulumi/operations).
"""

import time
from pathlib import Path

from pokayoke.check.formats import Told
from pokayoke.check.subject import Place, named
from pokayoke.failing import CommandError
from pokayoke_rehearsal.engine.events import Act
from pokayoke_rehearsal.hosts.pulumi_events import EventLog

_PROJECT = Place("Pulumi.yaml")


def read_events(file: Path) -> tuple[list[Told], int]:
    """The findings of every pack that judged, and how many resources there were.

    Raises:
        CommandError: the file is no event log.
    """
    log = EventLog(Act.PREVIEW, lambda _: None, time.monotonic)
    try:
        for line in file.read_text(encoding="utf-8").splitlines():
            log.feed(line)
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CommandError(f"{file}: it is no event log of `pulumi preview --event-log` ({error!r})") from error
    seen = log.result(ok=True, resources=0, outputs={})
    found = [
        Told(one.policy, named(one.urn), one.message, _PROJECT, mandatory=one.level == "mandatory")
        for one in seen.violations
    ]
    return found, len({step.urn for step in seen.steps})

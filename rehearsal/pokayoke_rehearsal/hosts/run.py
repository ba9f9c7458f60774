"""What the process that runs programs is asked; apart, so that asking needs no SDK."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """What one run needs, in a form that travels as JSON.

    `directory` is the working folder of the program, `entry` what is run there ("." or a file), `root` the folder of
    Pulumi.yaml; `config` has full keys and string values.
    """

    directory: str
    entry: str
    root: str
    monitor: str
    engine: str
    project: str
    stack: str
    organization: str
    config: dict[str, str]
    secret_keys: list[str]
    dry_run: bool
    parallel: int

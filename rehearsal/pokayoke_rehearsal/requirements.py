"""Whether what a rehearsal needs is installed, said before anything starts."""

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

# The wire protocol comes from modules of the SDK that are not its public API: pyproject's range for [rehearse].
PULUMI_FROM, PULUMI_BELOW = (3, 272), (3, 273)
_MODULES = ("cryptography", "flask", "kubernetes_validate", "moto", "pulumi_policy", "rich")
_INSTALL = "pip install 'pokayoke-eks[rehearse]'"


class RequirementError(Exception):
    """Something is missing or of the wrong version; the text says what to install."""


def require() -> None:
    """Checks the extra [rehearse].

    Raises:
        RequirementError: a part of it is missing, or the SDK is of a version whose protocol modules are not known.
    """
    missing = [name for name in _MODULES if find_spec(name) is None]
    if missing:
        raise RequirementError(f"the rehearsal needs {', '.join(missing)}, which come with an extra: {_INSTALL}")
    try:
        installed = version("pulumi")
    except PackageNotFoundError as error:
        raise RequirementError(f"Pulumi's Python SDK is not installed: {_INSTALL}") from error
    if not PULUMI_FROM <= _numbers(installed) < PULUMI_BELOW:
        wanted = ".".join(map(str, PULUMI_FROM))
        raise RequirementError(
            f"the rehearsal speaks the protocol of Pulumi's Python SDK {wanted}, not that of {installed}, "
            f"which is installed: {_INSTALL}"
        )


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:2] if part.isdecimal())

"""Values that should be secrets and are nothing, or lie open. No value is ever repeated in what is said of it."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from .finding import Finding
from .json_text import from_json

SLUG = "empty-secret"
_NAME = re.compile(
    r"(?:.*[_.-])?(?:password|passwd|passphrase|jwt[_-]?secret|client[_-]?secret|session[_-]?secret|api[_-]?key|"
    r"private[_-]?key|secret[_-]?key|secret[_-]?access[_-]?key|jwt[_-]?(?:private[_-]?)?key|auth[_-]?token)",
    re.IGNORECASE | re.ASCII,
)
_LINE = re.compile(r"^(\s*)(?:export\s+)?[\"']?([A-Za-z][\w.-]{0,80})[\"']?\s*[:=]\s*(\"\"|'')?\s*(?:#.*)?$", re.ASCII)
_KEY = re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----")
_ARGUMENT = re.compile(r"--?[\w.-]*(?:password|passwd)[=:](?P<said>\S+)", re.IGNORECASE | re.ASCII)
_FROM_SOMEWHERE = ("$", "{", "/", "file:", "@")
# External Secrets documentation, "All keys, one secret".
_SYNCED = "an ExternalSecret with dataFrom: [{extract: {key: NAME}}]"
_FILL = (
    f"Generate it, keep it in Secrets Manager and bring it in by {_SYNCED}; an application that gets none fails late."
)


def is_secret(name: str) -> bool:
    """Whether a key or variable of this name holds a secret."""
    return _NAME.fullmatch(name) is not None


def empty(value: str) -> bool:
    """Whether there is nothing in a value."""
    return not value.strip()


def empty_in_base64(value: str) -> bool:
    """The same of a value in base64; what is no base64 is not empty."""
    try:
        return not base64.b64decode(value, validate=True).strip()
    except (binascii.Error, ValueError):
        return False


def nothing_in(what: str) -> Finding:
    """Why an empty secret is wrong."""
    return Finding(f"{what} is empty", _FILL, SLUG)


def empty_lines(text: str) -> Iterator[str]:
    """Names of secrets that a text of YAML, or of variables, gives nothing."""
    lines = text.splitlines()
    for index, line in enumerate(lines):
        found = _LINE.match(line)
        if found is None or not is_secret(found[2]):
            continue
        depths = (len(one) - len(one.lstrip()) for one in lines[index + 1 :] if one.strip())
        if found[3] or next(depths, 0) <= len(found[1]):
            yield found[2]


def empty_members(text: str) -> Iterator[str]:
    """Names of an object's members, in JSON, that are empty texts."""
    said = from_json(text)
    for key, value in cast("Mapping[str, Any]", said).items() if isinstance(said, Mapping) else ():
        if isinstance(value, str) and empty(value):
            yield key


def open_secret(name: str, value: str) -> Finding | None:
    """Why a value does not belong into a ConfigMap, which anybody may read who may list the namespace."""
    if _KEY.search(value):
        what = "it holds a private key"
    elif is_secret(name) and not value.startswith(_FROM_SOMEWHERE) and "\n" not in value:
        what = "it holds a secret, by its name"
    else:
        return None
    return Finding(
        f"{what}: a ConfigMap is no place for it",
        f"Move it into a Secret, synced from Secrets Manager by {_SYNCED}.",
        SLUG,
    )


def on_the_command_line(argument: str) -> Finding | None:
    """Why an argument must not be: whoever lists processes, or reads the manifest, has the password."""
    found = _ARGUMENT.search(argument)
    if found is None or found["said"].startswith(_FROM_SOMEWHERE):
        return None
    return Finding(
        "a password stands on the command line",
        "Bring it in as a variable from a Secret, and write --password=$(PASSWORD) where the program takes no other.",
        SLUG,
    )

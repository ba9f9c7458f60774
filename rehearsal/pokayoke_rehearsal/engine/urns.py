"""URNs and provider references: how the engine names what it manages.

`urn:pulumi:STACK::PROJECT::[PARENT TYPE$...]TYPE::NAME`; a provider reference is `URN::ID`.
"""

STACK_TYPE = "pulumi:pulumi:Stack"
PROVIDER_PREFIX = "pulumi:providers:"


def make(stack: str, project: str, parent: str, kind: str, name: str) -> str:
    """The URN of a resource of type `kind` under the URN `parent`; the root stack does not count as a parent."""
    if parent:
        above = qualified_type_of(parent)
        if above != STACK_TYPE:
            kind = f"{above}${kind}"
    return f"urn:pulumi:{stack}::{project}::{kind}::{name}"


def is_valid(urn: str) -> bool:
    return urn.startswith("urn:pulumi:") and len(urn.split("::", 3)) == 4


def qualified_type_of(urn: str) -> str:
    """The type with those of all parents: `pkg:m:Parent$pkg:m:Child`."""
    return urn.split("::", 3)[2]


def type_of(urn: str) -> str:
    return qualified_type_of(urn).rsplit("$", 1)[-1]


def name_of(urn: str) -> str:
    return urn.split("::", 3)[3]


def label(urn: str) -> str:
    """Type and name, as errors say them."""
    return f"{type_of(urn)} {name_of(urn)}"


def package_of(token: str) -> str:
    """The package of a type or function token `package:module:member`; that of a provider type is its package."""
    return token[len(PROVIDER_PREFIX) :] if is_provider_type(token) else token.split(":", 1)[0]


def is_provider_type(kind: str) -> bool:
    return kind.startswith(PROVIDER_PREFIX)


def provider_reference(urn: str, identity: str) -> str:
    return f"{urn}::{identity}"


def split_reference(reference: str) -> tuple[str, str]:
    """URN and id of a provider reference. Raises ValueError for anything else."""
    urn, separator, identity = reference.rpartition("::")
    if not separator or not is_valid(urn):
        raise ValueError(f"not a provider reference: {reference!r}")
    return urn, identity

"""What `pulumi destroy` finds out before it deletes anything: its preview refuses when something is protected."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pokayoke_rehearsal.engine.events import Result


def refusal(resources: Sequence[Mapping[str, Any]]) -> "Result | None":
    """The result of a destroy that is refused, or None when nothing in the state is protected.

    The engine itself would delete whatever no protected resource needs before it comes upon one
    (`pulumi destroy --skip-preview`).
    """
    from pokayoke_rehearsal.engine.events import Act, Diagnostic, Result

    protected = [str(resource["urn"]) for resource in resources if resource.get("protect")]
    if not protected:
        return None
    return Result(
        act=Act.DESTROY,
        ok=False,
        changes={},
        steps=(),
        failed=(),
        diagnostics=tuple(
            Diagnostic("error", f'resource "{urn}" cannot be deleted because it is protected', urn) for urn in protected
        ),
        violations=(),
        outputs={},
        resources=len(resources),
        seconds=0.0,
    )

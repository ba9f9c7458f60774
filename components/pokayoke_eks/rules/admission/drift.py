"""What the program owns, only the program writes: `manual-change-drift`.

Judged are the namespaces of the platform with all in them, and the kinds that shape its nodes and gateways. Policies do
not judge policies (kubernetes/kubernetes, pkg/admission/plugin/policy/generic): whoever may delete those, may.
"""

from collections.abc import Sequence

from ..arns import account_of, partition_of
from ..finding import Finding
from .guardrail import Guardrail, Kinds, Refusal, texts

SLUG = "manual-change-drift"
_ANY = ("CREATE", "UPDATE", "DELETE")
_SHARED = (
    Kinds("karpenter.sh", ("nodepools",), _ANY),
    Kinds("karpenter.k8s.aws", ("ec2nodeclasses",), _ANY),
    Kinds("gateway.networking.k8s.io", ("gatewayclasses",), _ANY),
)
_NOBODYS = (
    Kinds("coordination.k8s.io", ("leases",), _ANY),
    *(Kinds(group, ("events",), _ANY) for group in ("", "events.k8s.io")),
)
"""What any program leaves in kube-system: cert-manager elects its leader there (cert-manager/cert-manager#6716), and
would stand still."""
_WHO = "request.userInfo.username"


def guardrail(roles: Sequence[str], namespaces: Sequence[str]) -> Guardrail:
    """The roles by their ARNs; each session of one has a name of its own."""
    accounts = texts([f"system:serviceaccount:{one}:" for one in namespaces])
    allowed = " || ".join(
        (
            f"{_WHO}.startsWith('eks:')",
            f"({_WHO}.startsWith('system:') && !{_WHO}.startsWith('system:serviceaccount:'))",
            f"{accounts}.exists(account, {_WHO}.startsWith(account))",
            f"{texts([_sessions(role) for role in roles])}.exists(role, {_WHO}.startsWith(role))",
        )
    )
    return Guardrail(
        SLUG,
        # kubectl scale writes to the subresource, which `*` leaves out.
        (Kinds("*", ("*", "*/scale"), _ANY, "Namespaced"), Kinds("", ("namespaces",), _ANY), *_SHARED),
        (
            Refusal(
                f"{allowed} ? [] : [{_WHO}]",
                Finding(
                    "this belongs to the platform's program, which would undo the change or be undone by it",
                    "Change the program's config and run up.",
                    SLUG,
                ),
            ),
        ),
        without=_NOBODYS,
        namespaces=tuple(namespaces),
    )


def _sessions(role: str) -> str:
    """What the user names of a role's sessions begin with: an access entry names them so where it says no other (EKS
    user guide, "Create access entries": the path is removed)."""
    return f"arn:{partition_of(role)}:sts::{account_of(role)}:assumed-role/{role.split('/')[-1]}/"

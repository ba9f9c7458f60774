"""A Service's load balancer says by which controller: `in-tree-load-balancer`.

The controller's webhook writes its class into Services before policies judge, so they refuse none where it runs.
Whether it runs, no policy can see: a Service that names it while it is not there stays pending.
"""

from ..balancing import CLASS, CONTROLLER, TYPE, TYPES
from ..finding import Finding
from .guardrail import Guardrail, Kinds, Refusal, text, texts
from .requests import JUDGED, OPTED_OUT

SLUG = "in-tree-load-balancer"
_LEFT = " && ".join(
    (
        "object.spec.?type.orValue('') == 'LoadBalancer'",
        "object.spec.?loadBalancerClass.orValue('') == ''",
        f"!(object.metadata.?annotations[?{text(TYPE)}].orValue('') in {texts(TYPES)})",
    )
)


def guardrail() -> Guardrail:
    """For Services."""
    return Guardrail(
        SLUG,
        (Kinds("", ("services",)),),
        (
            Refusal(
                f"{_LEFT} ? ['spec.type'] : []",
                Finding(
                    "a Service of type LoadBalancer names no controller: the one in Kubernetes' own tree makes a "
                    "balancer whose targets never become healthy, or none",
                    f"Set loadBalancerClass: {CLASS}, and see that {CONTROLLER} runs.",
                    SLUG,
                ),
            ),
        ),
        JUDGED,
        unless=OPTED_OUT,
    )

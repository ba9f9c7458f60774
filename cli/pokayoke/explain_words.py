"""What `pokayoke explain` says around the catalogue's own texts, in either language."""

from collections.abc import Mapping
from dataclasses import dataclass

from pokayoke_eks.catalogue import Level


@dataclass(frozen=True)
class Words:
    """The labels of one language, and its lines around what was found."""

    symptom: str
    seen: str
    found: str
    cause: str
    look_at: str
    remedy: str
    open: str
    held_by: Mapping[Level, str]
    by_design: str
    to_come: str
    likeliest: str
    named: str
    fit: str
    each: str
    nothing: str
    width: int
    """Characters of a line."""


ENGLISH = Words(
    symptom="symptom",
    seen="seen",
    found="found",
    cause="cause",
    look_at="look at",
    remedy="remedy",
    open="open",
    held_by={level: f"held by {level}" for level in Level},
    by_design="shown by",
    to_come="to come",
    likeliest="Likeliest, though nothing in the text names it:",
    named="{} failures are named in this text",
    fit="{} failures fit, likeliest first",
    each="`pokayoke explain SLUG` tells all of one:",
    nothing="No documented failure is known by this text. Paste the line that holds the error itself.",
    width=100,
)
KOREAN = Words(
    symptom="증상",
    seen="텍스트",
    found="일치",
    cause="원인",
    look_at="확인",
    remedy="해결",
    open="미해결",
    held_by={
        Level.SHAPE: "방지(구조)",
        Level.VALUE: "방지(값 검증)",
        Level.POLICY: "방지(정책)",
        Level.ADMISSION: "방지(admission)",
        Level.PREFLIGHT: "방지(사전 점검)",
        Level.TEARDOWN: "방지(삭제 순서)",
        Level.ROLLOUT: "방지(롤아웃)",
        Level.DESIGN: "방지(설계)",
    },
    by_design="검증",
    to_come="예정",
    likeliest="텍스트만으로 단정할 수는 없으나 가장 가능성이 높은 장애:",
    named="이 텍스트가 가리키는 장애 {}건",
    fit="해당할 수 있는 장애 {}건, 가능성이 높은 순서",
    each="하나를 모두 보려면 `pokayoke explain SLUG --lang ko`:",
    nothing="이 텍스트로 알려진 장애가 없습니다. 오류가 담긴 줄을 그대로 붙여 넣으십시오.",
    # Syllables are twice as wide as letters.
    width=64,
)

"""What pods run is there, and is what was meant: `discontinued-image`, `mutable-image-tag`."""

import re

from .. import images
from ..finding import Finding
from ..workloads import CONTAINERS
from .guardrail import Guardrail, Refusal, certain, text
from .pods import each, kinds, variables
from .requests import JUDGED, OPTED_OUT

_LATEST = f"^(?:[^@]*/)?[^:@/]+(?::{images.LATEST})?$"
_GONE = f"^(?i:(?:{'|'.join(map(re.escape, images.DOCKER))})/)?{images.GONE}"


def _guardrail(wrong: str, problem: str, example: Finding | None) -> Guardrail:
    finding = certain(example)
    named, mounted = "string(c.?image.orValue(''))", "string(v.image.reference)"
    places = [
        each(group, f"{named} != '' && ({wrong.format(image=named)})", f"' (' + {named} + ')'") for group in CONTAINERS
    ]
    volumes = "variables.pod.?volumes.orValue([]).filter(v, has(v.image) && has(v.image.reference)"
    place = f"variables.path + '.volumes ' + v.name + ' (' + {mounted} + ')'"
    places.append(f"{volumes} && ({wrong.format(image=mounted)})).map(v, {place})")
    told = Finding(problem, finding.remedy, finding.slug)
    return Guardrail(finding.slug, kinds(), (Refusal(" + ".join(places), told),), JUDGED, variables(), OPTED_OUT)


def mutable() -> Guardrail:
    """For images that are named by a tag that moves."""
    return _guardrail(
        f"{{image}}.matches({text(_LATEST)})",
        "the tag is latest, or left out: a node that has pulled it once may go on with what it has, or pull what "
        "nobody tried",
        images.mutable_tag(f"app:{images.LATEST}"),
    )


def discontinued() -> Guardrail:
    """For images that are gone."""
    return _guardrail(
        f"{{image}}.matches({text(_GONE)}) && !{{image}}.matches({text(_LATEST)})",
        "Bitnami took its versioned images away from docker.io on 2025-08-28",
        images.discontinued(f"{images.GONE}image:1"),
    )

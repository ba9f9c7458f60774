"""The policy `applicationset-kustomize-images`: Argo CD takes what its objects say of images."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from pokayoke_eks.rules import argo_cd
from pokayoke_eks.rules.finding import Finding

from .inventory import known_map
from .policy import Rule
from .raw import UNKNOWN, NotKnownError, list_at, mapping_at

_APPLICATION = ("spec",)
_TEMPLATE = ("spec", "template", "spec")


def images_are_texts(path: tuple[str, ...], application: Mapping[str, Any]) -> Iterator[Finding]:
    """Each image of Kustomize in the sources at `path` is a text; in the templates that generators bring too."""
    spec = mapping_at(application, *path)
    sources = [(f"{'.'.join(path)}.source", spec.get("source"))]
    for index, one in enumerate(list_at(application, *path, "sources")):
        sources.append((f"{'.'.join(path)}.sources[{index}]", one))
    if path == _TEMPLATE:
        for index, generator in enumerate(list_at(application, "spec", "generators")):
            for kind, said in known_map(generator).items():
                template = known_map(known_map(known_map(said).get("template")).get("spec")).get("source")
                sources.append((f"spec.generators[{index}].{kind}.template.spec.source", template))
    unknown: NotKnownError | None = None
    for place, source in sources:
        if source is UNKNOWN or UNKNOWN in (known_map(source).get("kustomize"),):
            unknown = NotKnownError((place,))
            continue
        told = {key: value for key, value in known_map(source).items() if key == "kustomize"}
        if known_map(told.get("kustomize")).get("images") is UNKNOWN:
            unknown = NotKnownError((place, "kustomize", "images"))
            continue
        for at, finding in argo_cd.images_that_are_no_texts(told, place):
            yield Finding(f"{at}: {finding.problem}", finding.remedy, finding.slug)
    if unknown:
        raise unknown


RULE = Rule(
    argo_cd.KUSTOMIZE_IMAGES,
    kinds={
        "argoproj.io/ApplicationSet": (partial(images_are_texts, _TEMPLATE),),
        "argoproj.io/Application": (partial(images_are_texts, _APPLICATION),),
    },
    patches=("argoproj.io/ApplicationSet", "argoproj.io/Application"),
)

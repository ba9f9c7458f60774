"""The policy `applicationset-kustomize-images`: Argo CD takes what its objects say of images."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from pokayoke_eks.rules import argo_cd
from pokayoke_eks.rules.finding import Finding

from .inventory import known_map
from .policy import Rule
from .raw import UNKNOWN, NotKnownError, list_at, list_of, mapping_at, mapping_of, over

_APPLICATION = ("spec",)
_TEMPLATE = ("spec", "template", "spec")


def images_are_texts(path: tuple[str, ...], application: Mapping[str, Any]) -> Iterator[Finding]:
    """Each image of Kustomize in the sources at `path` is a text; in the templates that generators bring too."""
    yield from over(_specs(application, path), lambda spec: over(sources_of(*spec), lambda source: _judged(*source)))


RULE = Rule(
    argo_cd.KUSTOMIZE_IMAGES,
    kinds={
        "argoproj.io/ApplicationSet": (partial(images_are_texts, _TEMPLATE),),
        "argoproj.io/Application": (partial(images_are_texts, _APPLICATION),),
    },
    patches=("argoproj.io/ApplicationSet", "argoproj.io/Application"),
)


def _specs(application: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    *above, last = path
    yield ".".join(path), mapping_at(application, *above).get(last)
    for index, generator in enumerate(list_at(application, "spec", "generators")):
        for kind, said in known_map(generator).items():
            spec = known_map(known_map(said).get("template")).get("spec")
            yield f"spec.generators[{index}].{kind}.template.spec", spec


def sources_of(place: str, spec: Any) -> Iterator[tuple[str, Any]]:
    """The sources in the spec of an Application, which is at `place`, with the place of each."""
    said = mapping_of(spec, place)
    yield f"{place}.source", said.get("source")
    for index, one in enumerate(list_of(said.get("sources"), place, "sources")):
        yield f"{place}.sources[{index}]", one


def _judged(place: str, source: Any) -> Iterator[Finding]:
    kustomize = mapping_of(mapping_of(source, place).get("kustomize"), place, "kustomize")
    if kustomize.get("images") is UNKNOWN:
        raise NotKnownError((place, "kustomize", "images"))
    for at, finding in argo_cd.images_that_are_no_texts({"kustomize": kustomize}, place):
        yield finding.at(f"{at}: ")

"""The policies `mutable-image-tag`, `discontinued-image` and `chart-image-swap`: what pods run is what was meant, is
there, and fits the chart that starts it."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import chain
from typing import Any, cast

from pokayoke_eks.rules import images
from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.workloads import CONTAINERS, POD_SPECS

from .inventory import known_map
from .objects import CHART, RELEASE
from .policy import Rule
from .raw import UNKNOWN, entries_at, mapping_at, mapping_of, over, stated
from .unrendered import with_charts

_GROUPS = (*CONTAINERS, "ephemeralContainers")
_OWN_SCRIPTS = "bitnami"
_Rule = Callable[[str], Finding | None]


def images_of_pods(rule: _Rule, path: tuple[str, ...], workload: Mapping[str, Any]) -> Iterator[Finding]:
    """Every image of the pod spec at `path`, those that are mounted included."""

    def judged(below: tuple[str, ...], found: tuple[tuple[str, ...], Any]) -> Iterator[Finding]:
        above, raw = found
        place = (*above, *below)
        reference = stated(mapping_of(raw, *place), *below)
        finding = rule(reference) if isinstance(reference, str) and reference else None
        if finding:
            yield finding.at(f"{'.'.join(place)}: ")

    pulled = ((("image",), one) for one in entries_at(workload, path, *_GROUPS))
    mounted = ((("image", "reference"), one) for one in entries_at(workload, path, "volumes"))
    yield from over(chain(pulled, mounted), lambda one: judged(*one))


def images_in_values(rule: _Rule, release: Mapping[str, Any]) -> Iterator[Finding]:
    """Every image that a release's values name whole: as one text, or by repository and tag."""
    for path, reference in _named(release.get("values"), "values"):
        finding = rule(reference)
        if finding:
            yield finding.at(f"{path}: ")


def chart_has_its_images(release: Mapping[str, Any]) -> Iterator[Finding]:
    """A chart of Bitnami is told where images are that it can run."""
    if not _is_bitnamis(release) or release.get("valueYamlFiles"):
        return
    values = mapping_at(release, "values")
    image, everywhere = (known_map(values.get(key)) for key in ("image", "global"))
    stated_image = any(image.get(key) for key in ("registry", "repository"))
    if values.get("image") is UNKNOWN or stated_image or everywhere.get("imageRegistry"):
        return
    yield images.chart_without_images().at("chart: ")


def chart_and_image_are_of_one_publisher(release: Mapping[str, Any]) -> Iterator[Finding]:
    """No chart of Bitnami runs another publisher's image."""
    if not _is_bitnamis(release):
        return
    repository = stated(mapping_at(release, "values"), "image", "repository")
    finding = images.swapped(repository) if isinstance(repository, str) and repository else None
    if finding:
        yield finding.at("values.image.repository: ")


MUTABLE = with_charts(
    Rule(
        images.MUTABLE,
        judges={RELEASE: (partial(images_in_values, images.mutable_tag),)},
        kinds={kind: (partial(images_of_pods, images.mutable_tag, path),) for kind, path in POD_SPECS.items()},
        patches=POD_SPECS,
    )
)
DISCONTINUED = with_charts(
    Rule(
        images.DISCONTINUED,
        judges={RELEASE: (partial(images_in_values, images.discontinued), chart_has_its_images)},
        kinds={kind: (partial(images_of_pods, images.discontinued, path),) for kind, path in POD_SPECS.items()},
        patches=POD_SPECS,
    )
)
SWAPPED = Rule(images.SWAPPED, judges=dict.fromkeys((RELEASE, CHART), (chart_and_image_are_of_one_publisher,)))


def _is_bitnamis(release: Mapping[str, Any]) -> bool:
    repository = mapping_at(release, "repositoryOpts").get("repo")
    return _OWN_SCRIPTS in f"{stated(release, 'chart')} {repository}".lower()


def _named(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for index, one in enumerate(cast("list[Any]", value)):
            yield from _named(one, f"{path}[{index}]")
        return
    if not isinstance(value, dict):
        return
    said = cast("dict[str, Any]", value)
    repository, tag = said.get("repository"), said.get("tag")
    if isinstance(repository, str) and repository and isinstance(tag, str) and tag and not said.get("digest"):
        registry = said.get("registry")
        yield f"{path}.tag", f"{registry}/{repository}:{tag}" if isinstance(registry, str) else f"{repository}:{tag}"
    for key, one in said.items():
        # A bare name may be anything: only what can be an image's is taken for one.
        if key == "image" and isinstance(one, str) and ("/" in one or ":" in one):
            yield f"{path}.{key}", one
        elif not (isinstance(said.get("apiVersion"), str) and isinstance(said.get("kind"), str)):
            yield from _named(one, f"{path}.{key}")

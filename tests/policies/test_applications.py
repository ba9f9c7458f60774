"""The policy `applicationset-kustomize-images`."""

import re
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack

from pokayoke_policies.applications import images_are_texts
from pokayoke_policies.raw import UNKNOWN as LATER
from pokayoke_policies.raw import NotKnownError

SLUG = "applicationset-kustomize-images"
SET, APPLICATION = ("kubernetes:argoproj.io/v1alpha1:ApplicationSet", "kubernetes:argoproj.io/v1alpha1:Application")


def source(images: Any) -> dict[str, Any]:
    return {"repoURL": "https://git.example.com/shop.git", "path": "shop", "kustomize": {"images": images}}


def of_set(**spec: Any) -> dict[str, Any]:
    return {"kind": "ApplicationSet", "spec": {"generators": [{"list": {}}], "template": {"spec": spec}}}


TEXTS = ["shop=registry.example.com/shop:1.0.0", "{{image}}:{{tag}}"]
BROKEN = source([{}])


@pytest.mark.parametrize("images", [TEXTS, [], None])
def test_images_that_are_texts_pass(images: Any, pack: Pack) -> None:
    assert SLUG not in pack.refusals(SET, of_set(source=source(images)))
    assert SLUG not in pack.refusals(APPLICATION, {"spec": {"source": source(images)}})


@pytest.mark.parametrize(
    ("images", "at"),
    [
        ([{"name": "shop", "newTag": "1.0.0"}], "[0]"),
        ([TEXTS[0], {"name": "shop"}], "[1]"),
        ([1.0], "[0]"),
        ({"shop": "1.0.0"}, ""),
    ],
    ids=str,
)
def test_anything_else_than_texts_is_refused(images: Any, at: str, pack: Pack) -> None:
    (message,) = pack.refusals(SET, of_set(source=source(images)))[SLUG]
    assert message.startswith(f"spec.template.spec.source.kustomize.images{at}: ")
    assert "must be of type string" in message
    (message,) = pack.refusals(APPLICATION, {"spec": {"source": source(images)}})[SLUG]
    assert message.startswith(f"spec.source.kustomize.images{at}: ")


def test_every_source_is_looked_at(pack: Pack) -> None:
    (message,) = pack.refusals(SET, of_set(sources=[source(TEXTS), BROKEN]))[SLUG]
    assert message.startswith("spec.template.spec.sources[1].kustomize.images[0]: ")
    listed = {"items": [{"apiVersion": "argoproj.io/v1alpha1", **of_set(source=BROKEN)}]}
    assert SLUG in pack.refusals("kubernetes:core/v1:List", listed)


@pytest.mark.parametrize(("spec", "at"), [({"source": BROKEN}, "source"), ({"sources": [{}, BROKEN]}, "sources[1]")])
@pytest.mark.parametrize("template", [{}, {"spec": UNKNOWN}, {"spec": {"source": source(TEXTS)}}], ids=str)
def test_what_generators_bring_is_looked_at(spec: Any, at: str, template: Any, pack: Pack) -> None:
    generators = [UNKNOWN, {"git": {"template": {"spec": spec}}, "selector": UNKNOWN}]
    (message,) = pack.refusals(SET, {"spec": {"generators": generators, "template": template}})[SLUG]
    assert message.startswith(f"spec.generators[1].git.template.spec.{at}.kustomize.images[0]: ")


def test_what_is_not_known_yet_hides_nothing_else(pack: Pack) -> None:
    found = pack.refusals(SET, of_set(source=UNKNOWN, sources=[source(UNKNOWN), BROKEN]))
    assert len(found[SLUG]) == 1
    assert found["unknown"].count(SLUG) == 1


@pytest.mark.parametrize(
    ("spec", "path"),
    [
        (LATER, "spec.generators"),
        ({"source": LATER}, "spec.source"),
        ({"sources": LATER}, "spec.sources"),
        ({"source": {"kustomize": LATER}}, "spec.source.kustomize"),
        ({"sources": [source(LATER)]}, "spec.sources[0].kustomize.images"),
        ({"generators": LATER}, "spec.generators"),
    ],
    ids=str,
)
def test_what_is_not_known_yet_is_told_by_its_path(spec: Any, path: str) -> None:
    with pytest.raises(NotKnownError, match=f"^{re.escape(path)}$"):
        list(images_are_texts(("spec",), {"spec": spec}))
    with pytest.raises(NotKnownError, match=r"^spec\.template\.spec$"):
        list(images_are_texts(("spec", "template", "spec"), {"spec": {"template": {"spec": LATER}}}))


def test_images_that_are_not_known_yet_are_said_to_be_unknown(pack: Pack) -> None:
    for made in (of_set(source=UNKNOWN), of_set(source=source(UNKNOWN)), of_set(sources=[source(UNKNOWN)])):
        assert pack.refusals(SET, made)["unknown"].count(SLUG) == 1
    assert SLUG not in pack.refusals(SET, of_set(source=source([UNKNOWN])))

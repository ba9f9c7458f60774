"""The policy `applicationset-kustomize-images`."""

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack

SLUG = "applicationset-kustomize-images"
SET, APPLICATION = ("kubernetes:argoproj.io/v1alpha1:ApplicationSet", "kubernetes:argoproj.io/v1alpha1:Application")


def source(images: Any) -> dict[str, Any]:
    return {"repoURL": "https://git.example.com/shop.git", "path": "shop", "kustomize": {"images": images}}


def of_set(**spec: Any) -> dict[str, Any]:
    return {"kind": "ApplicationSet", "spec": {"generators": [{"list": {}}], "template": {"spec": spec}}}


TEXTS = ["shop=registry.example.com/shop:1.0.0", "{{image}}:{{tag}}"]


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
    broken = source([{}])
    (message,) = pack.refusals(SET, of_set(sources=[source(TEXTS), broken]))[SLUG]
    assert message.startswith("spec.template.spec.sources[1].kustomize.images[0]: ")
    by_generator = {"spec": {"generators": [{"git": {"template": {"spec": {"source": broken}}}}]}}
    (message,) = pack.refusals(SET, by_generator)[SLUG]
    assert message.startswith("spec.generators[0].git.template.spec.source.kustomize.images[0]: ")
    listed = {"items": [{"apiVersion": "argoproj.io/v1alpha1", **of_set(source=broken)}]}
    assert SLUG in pack.refusals("kubernetes:core/v1:List", listed)


def test_images_that_are_not_known_yet_are_said_to_be_unknown(pack: Pack) -> None:
    for made in (of_set(source=UNKNOWN), of_set(source=source(UNKNOWN)), of_set(sources=[source(UNKNOWN)])):
        assert pack.refusals(SET, made)["unknown"].count(SLUG) == 1
    assert SLUG not in pack.refusals(SET, of_set(source=source([UNKNOWN])))

"""Argo CD's own kinds, as far as a mistake in them is documented.

Source: argoproj/argo-cd, `manifests/crds` (ApplicationSourceKustomize: `images` is a list of texts) and the Kustomize
page of its documentation: each text is `NAME`, `NAME:TAG`, `NAME@DIGEST` or `OLD=NEW:TAG`.
"""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from .finding import Finding

KUSTOMIZE_IMAGES = "applicationset-kustomize-images"


def images_that_are_no_texts(source: Mapping[str, Any], path: str) -> Iterator[tuple[str, Finding]]:
    """Where a source of an Application names images of Kustomize otherwise than as texts, and why that is refused."""
    kustomize = source.get("kustomize")
    images = cast("Mapping[str, Any]", kustomize).get("images") if isinstance(kustomize, Mapping) else None
    if images is None:
        return
    if not isinstance(images, list):
        yield f"{path}.kustomize.images", _finding("it is no list")
        return
    for index, image in enumerate(cast("list[Any]", images)):
        if isinstance(image, (dict, list, bool, int, float)):
            yield f"{path}.kustomize.images[{index}]", _finding("it is no text")


def _finding(problem: str) -> Finding:
    return Finding(
        f"{problem}: the API server refuses the whole object (must be of type string)",
        "Write each image as one text, name=registry/name:tag, e.g. images: [shop=registry.example.com/shop:1.0.0].",
        KUSTOMIZE_IMAGES,
    )

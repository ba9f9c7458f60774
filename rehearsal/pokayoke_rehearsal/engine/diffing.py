"""How different a resource is, beyond what its provider says."""

from collections.abc import Callable, Sequence

from . import paths
from .answers import Diff
from .steps import Provider
from .values import PropertyMap, equal, map_values, reveal

INIT_ERROR = "#initerror"


def ignore_changes(
    inputs: PropertyMap, old: PropertyMap, ignored: Sequence[str], tell: Callable[[str], None]
) -> PropertyMap:
    """The inputs with each ignored property as it was."""
    if not ignored:
        return inputs
    result: PropertyMap = map_values(inputs, lambda item: item)
    before = map_values(old, lambda item: item)
    impossible = [
        text for text in ignored if (path := _path(text)) is not None and not paths.reset(path, before, result)
    ]
    if impossible:
        tell(f'cannot ignore changes in added or removed elements of the path: "{", ".join(impossible)}"')
    return result


async def diff_resource(
    provider: Provider,
    urn: str,
    identity: str,
    old_inputs: PropertyMap,
    old_outputs: PropertyMap,
    new_inputs: PropertyMap,
    *,
    preview: bool,
    ignored: Sequence[str],
) -> Diff:
    """The provider's diff; where it could not say, whether the inputs changed."""
    diff = await provider.diff(urn, identity, old_inputs, old_outputs, new_inputs, preview=preview, ignored=ignored)
    if diff.changed is None:
        before = reveal(old_inputs)
        after = reveal(ignore_changes(new_inputs, old_inputs, ignored, lambda _: None))
        diff.keys = changed_keys(before, after)
        diff.changed = bool(diff.keys)
    return diff


def changed_keys(before: PropertyMap, after: PropertyMap) -> list[str]:
    names = [*before, *(key for key in after if key not in before)]
    return sorted(key for key in names if not equal(before.get(key), after.get(key)))


def replace_on_changes(diff: Diff, wanted: Sequence[str], *, init_errors: bool) -> Diff:
    """The diff with a replacement wherever a change touches what the option names."""
    if not diff.changed and not init_errors:
        return diff
    replacing = [paths.parse(text) for text in wanted]

    def hit(text: str) -> bool:
        path = _path(text)
        return path is not None and any(paths.covers(wish, path) for wish in replacing)

    keys = list(diff.replace_keys)
    keys += [key for key in diff.keys if hit(key) and key not in keys]
    changed = diff.changed
    if init_errors and hit(INIT_ERROR):
        keys.append(INIT_ERROR)
        changed = True
    detailed = {
        text: f"{kind}_REPLACE" if hit(text) and not kind.endswith("_REPLACE") else kind
        for text, kind in diff.detailed.items()
    }
    return Diff(changed, diff.keys, keys, detailed, diff.delete_before_replace)


def _path(text: str) -> paths.Path | None:
    try:
        return paths.parse(text)
    except ValueError:
        return None

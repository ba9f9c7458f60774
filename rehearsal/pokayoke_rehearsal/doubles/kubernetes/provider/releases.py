"""`kubernetes:helm.sh/v3:Release` (pulumi-kubernetes, helm_release.go, v4.32): charts as units."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pulumi
import yaml

from pokayoke_rehearsal.doubles.base import (
    UNKNOWN,
    Call,
    CheckError,
    Created,
    Difference,
    Inputs,
    PartialError,
    ProviderError,
    difference,
    has_unknown,
    without_nulls,
)
from pokayoke_rehearsal.doubles.kubernetes.charts import Chart, Charts, Installation, Rendered, ValuesError
from pokayoke_rehearsal.doubles.kubernetes.helm import MANAGER as HELM
from pokayoke_rehearsal.doubles.kubernetes.helm import Helm, HelmError, ReleaseFailedError, Stored, resource_names
from pokayoke_rehearsal.doubles.kubernetes.provider import readiness, waiting
from pokayoke_rehearsal.doubles.kubernetes.provider.session import Session
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.discovery import DEFINITION, defined_kind
from pokayoke_rehearsal.doubles.kubernetes.store.errors import ApiError
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, at, fields, finalizers_of, items, kind_of, text
from pokayoke_rehearsal.world.public_registry import HOST, PublicRegistry

DEFAULT_TIMEOUT = 300

_VERSION = re.compile(r"v?\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?")
_OUTPUTS = ("resourceNames", "status")


class Releases:
    """Serves Helm releases of the known charts."""

    def __init__(self, charts: Charts, public: PublicRegistry) -> None:
        self._charts, self._public = charts, public

    def check(self, session: Session, call: Call, olds: Inputs | None, news: Inputs) -> Inputs:
        """The inputs with the release's name, namespace and timeout; raises CheckError for what Helm cannot load."""
        inputs: Inputs = {key: value for key, value in without_nulls(news).items() if key != "resourceNames"}
        if not inputs.get("name"):
            inputs["name"] = (olds or {}).get("name") or f"{call.name}-{os.urandom(4).hex()}"
        if not inputs.get("namespace"):
            inputs["namespace"] = session.settings.namespace
        if not inputs.get("skipAwait"):
            inputs.setdefault("timeout", DEFAULT_TIMEOUT)
        if inputs.get("valueYamlFiles") is not None and not has_unknown(inputs["valueYamlFiles"]):
            inputs["values"] = _merged(_file_values(inputs.pop("valueYamlFiles")), fields(inputs.get("values")))
        if not has_unknown(inputs):
            rendered = self._rendered(inputs)
            for definition in [*rendered.definitions, *rendered.objects]:
                if (kind_of(definition).group, kind_of(definition).kind) == DEFINITION:
                    session.declared[defined_kind(definition)] = at(definition, "spec", "scope") == "Namespaced"
        return inputs

    def diff(self, old_inputs: Inputs, olds: Inputs, news: Inputs) -> Difference:
        """Another name or namespace is another release; everything else is an upgrade."""
        before = {key: value for key, value in (old_inputs or olds).items() if key not in ("checksum", *_OUTPUTS)}
        return difference(before, news, replace=("name", "namespace"))

    async def create(self, session: Session, call: Call, inputs: Inputs) -> Created:
        """Installs the chart and waits for what it brings."""
        if call.preview:
            return Created(UNKNOWN, {**inputs, **dict.fromkeys(_OUTPUTS, UNKNOWN)})
        if reason := session.unreachable():
            raise ProviderError(f"can't create Helm Release with unreachable cluster: {reason}")
        cluster, chart, installation = session.require(), self._chart(inputs), _installation(inputs)
        helm, rendered = Helm(cluster), self._rendered(inputs)
        _require_namespace(cluster, inputs)
        skipped = bool(inputs.get("skipCrds"))
        stored, problem = await self._settled(
            session, cluster, inputs, lambda: helm.install(chart.name, installation, rendered, skip_definitions=skipped)
        )
        if not problem:
            return Created(_id(inputs), _outputs(inputs, stored))
        if inputs.get("atomic"):
            helm.uninstall(stored)
            helm.forget(stored)
            reason = f"release {stored.name} failed, and has been uninstalled due to atomic being set"
            raise ProviderError(f"{reason}: {'; '.join(problem)}")
        first = f'Helm release "{_id(inputs)}" was created, but failed to initialize completely. '
        first += f"Use Helm CLI to investigate: {_unavailable(inputs, problem[0])}"
        raise PartialError(_id(inputs), _outputs(inputs, helm.fail(stored)), first, *problem[1:])

    async def update(self, session: Session, call: Call, news: Inputs) -> Inputs:
        """Upgrades the release and waits for what it brings."""
        if call.preview:
            return {**news, **dict.fromkeys(_OUTPUTS, UNKNOWN)}
        if reason := session.unreachable():
            raise ProviderError(f"can't update Helm Release with unreachable cluster: {reason}")
        cluster, chart, installation = session.require(), self._chart(news), _installation(news)
        helm, rendered = Helm(cluster), self._rendered(news)
        stored, problem = await self._settled(
            session, cluster, news, lambda: helm.upgrade(chart.name, installation, rendered)
        )
        if not problem:
            return _outputs(news, stored)
        failed = helm.fail(stored)
        if news.get("atomic"):
            helm.roll_back(failed)
        first = f'Helm release "{_id(news)}" failed to initialize completely. Use Helm CLI to investigate: '
        first += f"error running update: {_unavailable(news, problem[0])}"
        raise PartialError(_id(news), _outputs(news, failed), first, *problem[1:])

    def read(self, session: Session, call: Call, inputs: Inputs, state: Inputs) -> tuple[Inputs, Inputs] | None:
        """The release as Helm knows it, None when it is gone."""
        namespace, _, name = call.resource_id.rpartition("/")
        stored = Helm(session.require()).find(name, namespace)
        if stored is None:
            return None
        stated = inputs or {"name": name, "namespace": namespace, "chart": stored.chart, "version": stored.version}
        return stated, _outputs({**state, **stated}, stored)

    async def delete(self, session: Session, olds: Inputs) -> None:
        """Uninstalls the release and, unless told otherwise, waits until all that it brought is gone."""
        if reason := session.unreachable():
            raise ProviderError(f'can\'t delete Helm Release with unreachable cluster. Reason: "{reason}"')
        cluster = session.require()
        helm, name, namespace = Helm(cluster), text(olds.get("name")), text(olds.get("namespace"))
        stored = helm.find(name, namespace)
        if stored is None:
            raise ProviderError(f"uninstall: Release not loaded: {name}: release: not found")
        helm.uninstall(stored)
        waits = bool(olds.get("atomic")) or not olds.get("skipAwait")

        def is_gone() -> bool:
            return not helm.leaving(stored)

        def held() -> str:
            return "; ".join(f"{obj['kind']} {obj['metadata']['name']} {_held(obj)}" for obj in helm.leaving(stored))

        if waits and not await waiting.until(session.waits, cluster, is_gone, lambda: f"release {name}: {held()}"):
            raise ProviderError(
                f"uninstallation completed with 1 error(s): timed out waiting for the condition: {held()}"
            )
        helm.forget(stored)

    async def _settled(
        self, session: Session, cluster: Cluster, inputs: Inputs, write: Callable[[], Stored]
    ) -> tuple[Stored, tuple[str, ...]]:
        """The release after a write, and what keeps it from being ready: first Helm's words, then the details."""
        try:
            stored = write()
        except ReleaseFailedError as failure:
            return failure.stored, (str(failure),)
        except (HelmError, ApiError) as error:
            raise ProviderError(str(error)) from None
        if inputs.get("skipAwait") and not inputs.get("atomic"):
            return stored, ()
        jobs = bool(inputs.get("waitForJobs"))

        def missing() -> tuple[str, ...]:
            return _missing(cluster, stored, jobs=jobs)

        await waiting.until(session.waits, cluster, lambda: not missing(), lambda: "; ".join(missing()))
        left = missing()
        return stored, ("context deadline exceeded", *left) if left else ()

    def _chart(self, inputs: Inputs) -> Chart:
        chart = text(inputs.get("chart"))
        repository = text(at(inputs, "repositoryOpts", "repo"))
        found = self._charts.find(chart, repository)
        if found is None:
            known = ", ".join(self._charts.references)
            raise CheckError(
                ("chart", f"the rehearsal does not know the chart {_named(chart, repository)}; it knows: {known}")
            )
        return found

    def _require_pull(self, inputs: Inputs) -> None:
        """The provider presents what the program gives it and never stores it (`NewRegistryClient`, since 4.27)."""
        address, options = urlsplit(text(inputs.get("chart"))), fields(inputs.get("repositoryOpts"))
        password = text(options.get("password"))
        if address.hostname != HOST or not (options.get("username") and password):
            return
        if refusal := self._public.refusal(address.path.strip("/"), text(inputs.get("version")), password):
            raise CheckError(("chart", f"{refusal}; check the chart name and repository configuration."))

    def _rendered(self, inputs: Inputs) -> Rendered:
        _require_form(inputs)
        chart = self._chart(inputs)
        self._require_pull(inputs)
        try:
            return chart.render(_installation(inputs))
        except ValuesError as error:
            raise CheckError(("values", str(error))) from None


def _require_namespace(cluster: Cluster, inputs: Inputs) -> None:
    namespace = text(inputs["namespace"])
    if cluster.find_named("", "Namespace", namespace) is not None:
        return
    if not inputs.get("createNamespace"):
        raise ProviderError(f'create: failed to create: namespaces "{namespace}" not found')
    meta = {"name": namespace, "labels": {"name": namespace}}
    cluster.create({"apiVersion": "v1", "kind": "Namespace", "metadata": meta}, HELM)


def _require_form(inputs: Inputs) -> None:
    if text(inputs.get("chart")).startswith("oci://") and at(inputs, "repositoryOpts", "repo"):
        raise CheckError(("repositoryOpts", "an OCI chart is named by `chart` alone: leave `repo` out"))
    version = text(inputs.get("version"))
    if not version:
        raise CheckError(("version", "the rehearsal cannot know which version is the newest: state one"))
    if not _VERSION.fullmatch(version):
        raise CheckError(("version", f'"{version}" is no version: the rehearsal does not resolve ranges'))


def _installation(inputs: Inputs) -> Installation:
    return Installation(
        name=text(inputs["name"]),
        namespace=text(inputs["namespace"]),
        version=text(inputs.get("version")),
        values=fields(inputs.get("values")),
    )


def _outputs(inputs: Inputs, stored: Stored) -> Inputs:
    status = {
        "appVersion": stored.app_version,
        "chart": stored.chart,
        "name": stored.name,
        "namespace": stored.namespace,
        "revision": stored.revision,
        "status": stored.status,
        "version": stored.version,
    }
    return {**inputs, "resourceNames": resource_names(stored), "status": status}


def _missing(cluster: Cluster, stored: Stored, *, jobs: bool) -> tuple[str, ...]:
    found: list[str] = []
    for obj in Helm(cluster).live(stored):
        condition = _condition(obj, jobs=jobs)
        ready = condition(cluster, obj) if condition is not None else readiness.READY
        found += [] if ready.ready else [ready.error, *ready.details]
    return tuple(found)


def _condition(obj: Object, *, jobs: bool) -> readiness.Condition | None:
    # Helm waits for Jobs only when told to, and knows nothing of Pulumi's annotations.
    if obj.get("kind") == "Job" and not jobs:
        return None
    plain = {"apiVersion": obj["apiVersion"], "kind": obj["kind"]}
    return readiness.wanted(plain)


def _unavailable(inputs: Inputs, problem: str) -> str:
    return f"failed to become available within allocated timeout. Error: Helm Release {_id(inputs)}: {problem}"


def _held(obj: Object) -> str:
    held = finalizers_of(obj)
    return f"(finalizers might be preventing deletion: {', '.join(held)})" if held else ""


def _id(inputs: Inputs) -> str:
    return f"{inputs['namespace']}/{inputs['name']}"


def _named(chart: str, repository: str) -> str:
    return f'"{chart}" of {repository}' if repository else f'"{chart}"'


def _file_values(files: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for asset in items(files):
        if isinstance(asset, pulumi.StringAsset):
            content = asset.text
        elif isinstance(asset, pulumi.FileAsset):
            content = Path(asset.path).read_text(encoding="utf-8")
        else:
            raise CheckError(("valueYamlFiles", f"unsupported type for 'valueYamlFiles' arg: {type(asset).__name__}"))
        found = _merged(found, fields(yaml.safe_load(content)))
    return found


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        before = merged.get(key)
        merged[key] = (
            _merged(fields(before), fields(value)) if isinstance(before, dict) and isinstance(value, dict) else value
        )
    return merged

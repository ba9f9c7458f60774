"""The operator's machine as it is: commands, DNS, HTTPS and the logins of Docker and Helm."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
import json
import os
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any, cast

import urllib3

SECONDS = 10.0
"""How long anything may take to answer."""
_NOT_INSTALLED = 127
_MANIFEST = "application/vnd.oci.image.manifest.v1+json"


class ThisMachine:
    """What `Machine` asks, asked of this one. Chart repositories are asked without credentials, as Helm will."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._environment = environment
        self._http = urllib3.PoolManager(timeout=SECONDS, retries=urllib3.Retry(2, redirect=5))

    def run(self, command: Sequence[str]) -> tuple[int, str]:
        """Exit code and stdout of a command; 127 where it is not installed."""
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603
        except FileNotFoundError:
            return _NOT_INSTALLED, ""
        except subprocess.TimeoutExpired:
            return 1, ""
        return done.returncode, done.stdout

    def name_servers(self, domain: str) -> frozenset[str]:
        """The name servers to which public DNS delegates a domain, without the dot at the end."""
        import dns.exception
        import dns.resolver

        try:
            answer = dns.resolver.resolve(domain, "NS", lifetime=SECONDS)
        except dns.exception.DNSException:
            return frozenset()
        return frozenset(str(one).rstrip(".").lower() for one in answer)

    def public_address(self) -> str:
        """The address under which AWS sees this machine; empty where it cannot be told."""
        try:
            answer = self._http.request("GET", "https://checkip.amazonaws.com")
            return str(IPv4Address(answer.data.decode().strip()))
        except (urllib3.exceptions.HTTPError, ValueError):
            return ""

    def version(self, endpoint: str, token: str, authority: bytes) -> str:
        """What the API server at this endpoint says of its version. Raises OSError where it cannot be reached."""
        from kubernetes import client

        with tempfile.NamedTemporaryFile(suffix=".crt") as certificate:
            certificate.write(authority)
            certificate.flush()
            configuration: Any = client.Configuration()
            configuration.host, configuration.ssl_ca_cert = endpoint, certificate.name
            configuration.api_key, configuration.retries = {"authorization": f"Bearer {token}"}, False
            try:
                told: Any = client.VersionApi(client.ApiClient(configuration)).get_code(_request_timeout=SECONDS)
            except (client.ApiException, urllib3.exceptions.HTTPError) as error:
                raise OSError(str(error).strip()) from error
        return str(told.git_version)

    def logins(self) -> frozenset[str]:
        """The registries to which Docker or Helm are logged in, as their files say."""
        home = Path(self._environment.get("HOME", "~")).expanduser()
        docker = Path(self._environment.get("DOCKER_CONFIG", home / ".docker")) / "config.json"
        helm = Path(self._environment.get("HELM_REGISTRY_CONFIG", home / ".config/helm/registry/config.json"))
        return frozenset(
            re.sub(r"^https?://|/.*$", "", registry) for file in (docker, helm) for registry in _logins(file)
        )

    def has_chart(self, repository: str, name: str, version: str) -> bool:
        """Whether the repository has this version of a chart. Raises OSError where it cannot be reached."""
        try:
            if repository.startswith("https://"):
                return self._in_index(f"{repository.rstrip('/')}/index.yaml", name, version)
            return self._in_registry(f"{repository}/{name}", version)
        except urllib3.exceptions.HTTPError as error:
            raise OSError(f"{repository} does not answer: {error}") from error

    def has_file(self, url: str) -> bool:
        """Whether a file is at a public address. Raises OSError where it cannot be reached."""
        try:
            return _found(self._http.request("HEAD", url).status, url)
        except urllib3.exceptions.HTTPError as error:
            raise OSError(f"{url} does not answer: {error}") from error

    def _in_registry(self, path: str, version: str) -> bool:
        host, _, repository = path.partition("/")
        url = f"https://{host}/v2/{repository}/manifests/{version}"
        answer = self._http.request("HEAD", url, headers={"Accept": _MANIFEST})
        if answer.status == 401:
            # Public registries, too, want a token: anybody gets one (OCI distribution specification, token flow).
            token = self._token(answer.headers.get("WWW-Authenticate", ""))
            answer = self._http.request("HEAD", url, headers={"Accept": _MANIFEST, "Authorization": f"Bearer {token}"})
        return _found(answer.status, url)

    def _token(self, challenge: str) -> str:
        asked = dict(re.findall(r'(\w+)="([^"]*)"', challenge))
        realm = asked.pop("realm", "")
        if not realm.startswith("https://"):
            raise OSError(f"the registry asks for a login: {challenge}")
        told = json.loads(self._http.request("GET", realm, fields=asked).data)
        return str(told.get("token") or told.get("access_token"))

    def _in_index(self, url: str, name: str, version: str) -> bool:
        import yaml

        answer = self._http.request("GET", url)
        if not _found(answer.status, url):
            return False
        index = cast("dict[str, Any]", yaml.load(answer.data, Loader=yaml.CSafeLoader))
        return any(str(one["version"]) == version for one in index["entries"].get(name, []))


def _found(status: int, url: str) -> bool:
    if status not in (200, 404):
        raise OSError(f"{url} answers {status}")
    return status == 200


def _logins(file: Path) -> list[str]:
    try:
        told = cast("dict[str, Any]", json.loads(file.read_text(encoding="utf-8")))
        return [*told.get("auths", {}), *told.get("credHelpers", {})]
    except (OSError, ValueError, AttributeError):
        return []

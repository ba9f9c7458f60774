"""A shorter way from a boto3 client into moto's backends, for clients of this process.

moto's own way looks through the URL patterns of all services for each call, makes a backend of us-east-1 to read them
from (half a second for EC2), and lists a class's methods anew each time. Here a client knows its service.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

import functools
import re
import threading
from collections.abc import Callable
from typing import Any

from botocore.awsrequest import AWSResponse
from moto import backends
from moto.core import responses
from moto.core.botocore_stubber import MockRawResponse
from moto.core.models import botocore_stubber as whole_way
from moto.core.request import normalize_request
from werkzeug.exceptions import HTTPException

LOCK = threading.RLock()
"""Held while a request is answered: moto's backends are plain dicts, asked by this process's loop and HTTP threads."""

_Handler = Callable[..., tuple[int, Any, Any]]


def install() -> None:
    """Keeps moto from listing a class's methods again for each request."""
    module: Any = responses
    if not hasattr(module.method_names_from_class, "cache_info"):
        module.method_names_from_class = functools.cache(module.method_names_from_class)


def shorten(client: Any) -> Any:
    """Has a client ask moto's service directly."""
    service = client.meta.service_model.service_name
    client.meta.events.unregister("before-send", whole_way)
    client.meta.events.register("before-send", _sender(service))
    return client


def _sender(service: str) -> Callable[..., AWSResponse]:
    routes = _routes(service)

    def send(request: Any, **_: Any) -> AWSResponse:
        url = request.url.split("?", 1)[0]
        for pattern, handler in routes:
            if pattern.match(url):
                normalized = normalize_request(request)
                try:
                    with LOCK:
                        status, headers, body = handler(normalized, normalized.raw_url, normalized.headers)
                except HTTPException as error:
                    status, headers, body = error.code, error.get_headers(), error.get_body()
                return AWSResponse(request.url, status, headers, MockRawResponse(body))
        raise NotImplementedError(f"moto has no {service} answer for {url}")

    return send


@functools.cache
def _routes(service: str) -> list[tuple[re.Pattern[str], _Handler]]:
    find: Any = backends.get_backend
    backend: Any = find(service).backend
    # The patterns are those of the class; reading them needs an object, but not one that has been set up.
    return [(re.compile(url), handler) for url, handler in object.__new__(backend).urls.items()]

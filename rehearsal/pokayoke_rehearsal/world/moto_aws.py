"""moto in this process, and its HTTP server beside it for boto3 clients of other processes (dynamic resources)."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportAttributeAccessIssue=false, reportCallIssue=false
from __future__ import annotations

import os
import socket
from functools import cache
from threading import Thread
from typing import Any

from pokayoke_rehearsal.world.model import Leftover, World

# Services whose region moto reads from the URL. For others it is in the signature, which costs a tenth of a call.
UNSIGNED = ("ec2", "eks", "iam", "kms", "logs")
# What nearly every program asks for: made ready before the first request, while the program still starts.
WARM = ("ec2", "iam", "eks", "logs", "kms")
_ANY_REGION = "us-east-1"


def listen() -> socket.socket:
    """The socket of the HTTP server, listening before moto is imported: early clients wait in its queue."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    listener.set_inheritable(False)
    return listener


def forget_the_account() -> None:
    """Takes the operator's own AWS settings out of this process: profile, credentials, endpoints, files."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"


class MotoAws:
    """moto as the AWS of a world. One at a time in a process, because moto's backends are module globals."""

    def __init__(self, world: World, listener: socket.socket | None = None) -> None:
        from pokayoke_rehearsal.world import quick_start

        quick_start.hasten()
        from moto import mock_aws

        from pokayoke_rehearsal.world import leftovers, rules, shortcut
        from pokayoke_rehearsal.world.eks import responses

        self.world = world
        self._mock = mock_aws(config={"iam": {"load_aws_managed_policies": True}})
        self._mock.start()
        responses.install(world)
        rules.install()
        shortcut.install()
        self._inventory = leftovers.Inventory()
        self._warm_up()
        self._server: Any = None
        if listener is not None:
            Thread(target=self._serve, args=(listener,), name="aws-http", daemon=True).start()

    def client(self, service: str, region: str) -> Any:
        return _client(service, region)

    def leftovers(self) -> tuple[list[Leftover], list[Leftover]]:
        from pokayoke_rehearsal.world.shortcut import LOCK

        with LOCK:
            return self._inventory.leftovers()

    def presumed(self) -> list[Leftover]:
        from pokayoke_rehearsal.world.shortcut import LOCK

        with LOCK:
            return self._inventory.presumed()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
        self._inventory.stop()
        self._mock.stop()

    def _warm_up(self) -> None:
        from moto.core.utils import get_service_model
        from moto.iam.models import iam_backends

        for service in WARM:
            self.client(service, _ANY_REGION)
            get_service_model(service)
        iam_backends[self.world.account]["aws"].get_roles()

    def _serve(self, listener: socket.socket) -> None:
        self._server = http_server(listener)
        self._server.serve_forever()


@cache
def _session() -> Any:
    import boto3

    return boto3.session.Session(region_name=_ANY_REGION)


@cache
def _client(service: str, region: str) -> Any:
    """The client of a service. It knows nothing of a world: moto finds the backend at each call."""
    import botocore
    from botocore.config import Config

    from pokayoke_rehearsal.world import shortcut

    config = Config(retries={"total_max_attempts": 1}, user_agent="rehearsal")
    if service in UNSIGNED:
        config = config.merge(Config(signature_version=botocore.UNSIGNED))
    return shortcut.shorten(_session().client(service, region_name=region, config=config))


def http_server(listener: socket.socket) -> Any:
    """The HTTP server of this process's moto behind a socket that listens; whoever asks has it serve, and shuts it."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
    from werkzeug.serving import make_server

    from pokayoke_rehearsal.world.shortcut import LOCK

    class Quiet(MotoRequestHandler):
        def log_request(self, code: int | str = "-", size: int | str = "-") -> None: ...

    host, port = listener.getsockname()
    dispatcher: Any = DomainDispatcherApplication(create_backend_app)

    def app(environ: Any, start_response: Any) -> list[bytes]:
        with LOCK:
            return list(dispatcher(environ, start_response))

    return make_server(host, port, app, threaded=True, request_handler=Quiet, fd=listener.fileno())

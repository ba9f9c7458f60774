"""Who asks an API server for a write: people and programs by access entries, controllers by their own accounts."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class User:
    """A caller, as authentication knows it."""

    name: str
    groups: tuple[str, ...] = ("system:authenticated",)


CREATOR = User("kubernetes-admin", ("system:masters", "system:authenticated"))
"""Whoever made a cluster, where no access entry says who asks."""


class Users:
    """The callers of one API server.

    `program` is who runs the program, `named` the user behind a field manager of the control plane. Of any other
    controller it is not modelled in which namespace it runs: all of them ask as accounts of kube-system.
    """

    def __init__(self) -> None:
        self.program = CREATOR
        self.named: dict[str, str] = {}
        self._somebody: User | None = None

    @contextmanager
    def asking(self, user: User) -> Generator[None]:
        """Whatever is written within is asked for by this user: by kubectl, Argo CD or eksctl."""
        before, self._somebody = self._somebody, user
        try:
            yield
        finally:
            self._somebody = before

    def of(self, manager: str, *, controller: bool) -> User:
        """Who asks under the name of a field manager."""
        if manager in self.named:
            return User(self.named[manager])
        if controller:
            return User(f"system:serviceaccount:kube-system:{manager or 'generic-garbage-collector'}")
        return self._somebody or self.program

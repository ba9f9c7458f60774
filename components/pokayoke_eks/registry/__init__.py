"""Repositories of the platform's own images."""

from .component import Registry

__all__ = ["Registry"]

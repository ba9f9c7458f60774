"""Secrets at rest: the key of a stack, and the state file's spelling of a secret."""

import base64
import json
import os
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .values import SECRET, SIGNATURE, is_secret, map_values, secret


class SecretsError(Exception):
    """The state holds secrets that this key does not open."""


class Vault:
    """Encrypts the secrets in a value, and opens them again (AES-256-GCM.

    The key is a file that only its owner reads).
    """

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self._sealed: dict[str, str] = {}

    @classmethod
    def at(cls, path: Path) -> "Vault":
        """The vault of the key file, which is made when there is none."""
        if path.exists():
            return cls(base64.b64decode(path.read_text()))
        path.parent.mkdir(parents=True, exist_ok=True)
        key = AESGCM.generate_key(256)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(base64.b64encode(key).decode())
        return cls(key)

    def seal(self, value: Any) -> Any:
        """The value with each secret as `{signature, ciphertext}`."""
        return map_values(value, lambda item: self._seal(item) if is_secret(item) else item)

    def open(self, value: Any) -> Any:
        """The value with each ciphertext as the secret it was. Raises SecretsError for a foreign key."""
        return map_values(value, lambda item: self._open(item) if is_secret(item) and "ciphertext" in item else item)

    def _seal(self, item: dict[str, Any]) -> dict[str, Any]:
        text = json.dumps(item["value"], separators=(",", ":"))
        if text not in self._sealed:
            nonce = os.urandom(12)
            body = self._cipher.encrypt(nonce, text.encode(), None)
            self._sealed[text] = base64.b64encode(nonce + body).decode()
        return {SIGNATURE: SECRET, "ciphertext": self._sealed[text]}

    def _open(self, item: dict[str, Any]) -> Any:
        ciphertext: str = item["ciphertext"]
        data = base64.b64decode(ciphertext)
        try:
            text = self._cipher.decrypt(data[:12], data[12:], None).decode()
        except InvalidTag:
            raise SecretsError(
                "the state's secrets were written with another key than the stack's secret.key"
            ) from None
        self._sealed[text] = ciphertext
        return secret(json.loads(text))

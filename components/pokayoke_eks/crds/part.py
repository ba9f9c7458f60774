"""What every part of a manifest shares: camelCase outside, snake_case inside, frozen, no unknown field."""

from typing import Any

from pydantic import BaseModel, ConfigDict

_INITIALISMS = {
    "cfs": "CFS",
    "dns": "DNS",
    "gc": "GC",
    "icmp": "ICMP",
    "id": "ID",
    "ip": "IP",
    "ipv4": "IPv4",
    "ipv6": "IPv6",
    "oidc": "OIDC",
}


def manifest_name(name: str) -> str:
    """The name of a field in a manifest, with the initialisms that Kubernetes writes in capitals: `kms_key_id` is
    `kmsKeyID`."""
    first, *others = name.split("_")
    return first + "".join(_INITIALISMS.get(word, word.capitalize()) for word in others)


class Part(BaseModel):
    """A frozen part of a manifest. Made by field names; `to_manifest()` writes what was set, nothing else."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=manifest_name, populate_by_name=True, defer_build=True
    )

    def to_manifest(self) -> dict[str, Any]:
        """This part as JSON data: what was set; what was left out is the API server's to fill in."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)

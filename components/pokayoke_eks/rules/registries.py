"""Names of image repositories, and which images they keep.

Source: ECR API reference, CreateRepository (pattern and length of a name); ECR user guide, "Examples of lifecycle
policies" and "Private image replication".
"""

import json
import re

from .finding import Finding, shown

LONGEST = 200
"""ECR takes 256 characters with the platform's name, which comes before it."""
ACCOUNT_WIDE = "account-wide"
"""What whoever owns the replication of an account's images says."""
SHARED = "environment-isolation"
UNTAGGED_DAYS = 14
_NAME = re.compile(r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*", re.ASCII)


def bad_repository(name: str) -> Finding | None:
    """Why ECR takes no repository of this name."""
    if len(name) > LONGEST:
        return Finding(f"the name is {len(name)} characters long", f"Keep it within {LONGEST}.")
    if _NAME.fullmatch(name) is None:
        return Finding(
            f"{shown(name)} cannot name a repository of images",
            "Use small letters and digits, single . _ - between them, and / between parts, e.g. shop/orders.",
        )
    return None


def bad_owner_of_replication(said: str) -> Finding | None:
    """Why nobody gets to own the account's replication by saying this."""
    if said == ACCOUNT_WIDE:
        return None
    return Finding(
        "replication is one setting for all images of an account and region: it would decide over other environments' "
        "images too",
        f"Write {ACCOUNT_WIDE} in the one environment that may decide for all, and leave it out of the others.",
        SHARED,
    )


OWNED_BY_WHAT_STAYS = Finding(
    "a disposable environment would take the replication of all images of the account along when it goes",
    "Let a retained one own it.",
    SHARED,
)


def lifecycle_policy(keep: int) -> str:
    """Images without a tag go after two weeks, and the oldest when there are more than `keep`.

    ECR judges an image by one rule alone, the lowest priority first, and wants the rule for any image last.
    """
    untagged = {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days"}
    rules = [
        (f"No image without a tag after {UNTAGGED_DAYS} days", {**untagged, "countNumber": UNTAGGED_DAYS}),
        (f"The {keep} newest", {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": keep}),
    ]
    return json.dumps(
        {
            "rules": [
                {
                    "rulePriority": priority,
                    "description": description,
                    "selection": selection,
                    "action": {"type": "expire"},
                }
                for priority, (description, selection) in enumerate(rules, start=1)
            ]
        },
        separators=(",", ":"),
    )

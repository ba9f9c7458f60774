"""The regions that have three facts here: short code, partition, zone letters.

Source of the zones: the zone table of moto 5.2.5 (`moto/ec2/models/availability_zones_and_regions.py`), which a test
compares. An account may see fewer; preflight asks the account.
"""

import difflib
from dataclasses import dataclass

from .finding import Finding, shown


@dataclass(frozen=True, slots=True)
class Region:
    """A region: the short code that names of global services carry, its partition, its zones' letters."""

    name: str
    code: str
    zones: str
    partition: str = "aws"


REGIONS: dict[str, Region] = {
    region.name: region
    for region in (
        Region("af-south-1", "afs1", "abc"),
        Region("ap-east-1", "ape1", "abc"),
        Region("ap-east-2", "ape2", "abc"),
        Region("ap-northeast-1", "apne1", "acd"),
        Region("ap-northeast-2", "apne2", "abcd"),
        Region("ap-northeast-3", "apne3", "abc"),
        Region("ap-south-1", "aps1", "abc"),
        Region("ap-south-2", "aps2", "abc"),
        Region("ap-southeast-1", "apse1", "abc"),
        Region("ap-southeast-2", "apse2", "abc"),
        Region("ap-southeast-3", "apse3", "abc"),
        Region("ap-southeast-4", "apse4", "abc"),
        Region("ap-southeast-5", "apse5", "abc"),
        Region("ap-southeast-6", "apse6", "abc"),
        Region("ap-southeast-7", "apse7", "abc"),
        Region("ca-central-1", "cac1", "abd"),
        Region("ca-west-1", "caw1", "abc"),
        Region("cn-north-1", "cnn1", "ab", "aws-cn"),
        Region("cn-northwest-1", "cnnw1", "abc", "aws-cn"),
        Region("eu-central-1", "euc1", "abc"),
        Region("eu-central-2", "euc2", "abc"),
        Region("eu-north-1", "eun1", "abc"),
        Region("eu-south-1", "eus1", "abc"),
        Region("eu-south-2", "eus2", "abc"),
        Region("eu-west-1", "euw1", "abc"),
        Region("eu-west-2", "euw2", "abc"),
        Region("eu-west-3", "euw3", "abc"),
        Region("il-central-1", "ilc1", "abc"),
        Region("me-central-1", "mec1", "abc"),
        Region("me-south-1", "mes1", "abc"),
        Region("mx-central-1", "mxc1", "abc"),
        Region("sa-east-1", "sae1", "abc"),
        Region("us-east-1", "use1", "abcdef"),
        Region("us-east-2", "use2", "abc"),
        Region("us-gov-east-1", "usge1", "abc", "aws-us-gov"),
        Region("us-gov-west-1", "usgw1", "abc", "aws-us-gov"),
        Region("us-west-1", "usw1", "ab"),
        Region("us-west-2", "usw2", "abcd"),
    )
}


def unknown_region(name: str) -> Finding | None:
    """Why this names no region that has a zone table; None when it does."""
    if name in REGIONS:
        return None
    close = difflib.get_close_matches(name, REGIONS)
    hint = f"Did you mean {close[0]}?" if close else f"Regions with a known zone table: {', '.join(REGIONS)}."
    return Finding(f"there is no region {shown(name)}", hint)


def unknown_zone(letter: str, region: str) -> Finding | None:
    """Why the region has no zone of this letter; None when it has. The region must be known."""
    zones = REGIONS[region].zones
    if len(letter) == 1 and letter in zones:
        return None
    return Finding(f"{region} has no zone {shown(letter)}", f"Its zones are {', '.join(zones)}.")

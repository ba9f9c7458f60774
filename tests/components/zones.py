"""What Route 53 and ACM answer to a program that is recorded."""

from typing import Any

from registrations import Answers, Given

ZONE, RECORD = "aws:route53/zone:Zone", "aws:route53/record:Record"
CERTIFICATE = "aws:acm/certificate:Certificate"
VALIDATION = "aws:acm/certificateValidation:CertificateValidation"
NAME_SERVERS = ["ns-1.example.net", "ns-2.example.net"]

LOOKUPS: Answers = {
    "aws:route53/getZone:getZone": lambda asked: {
        "zoneId": f"Z-{asked['name']}",
        "name": asked["name"],
        "nameServers": NAME_SERVERS,
    }
}


def _options(certificate: Given) -> Given:
    """A host and its wildcard are asked for the same record."""
    hosts: list[Any] = [certificate["domainName"], *certificate.get("subjectAlternativeNames", [])]
    return {
        "domainValidationOptions": [
            {
                "domainName": host,
                "resourceRecordName": f"_acm.{host.removeprefix('*.')}.",
                "resourceRecordType": "CNAME",
                "resourceRecordValue": f"_{host.removeprefix('*.')}.acm-validations.aws.",
            }
            for host in hosts
        ]
    }


COMPUTED: Answers = {
    ZONE: lambda zone: {"zoneId": f"Z-{zone['name']}-made", "nameServers": NAME_SERVERS},
    RECORD: lambda made: {"fqdn": made["name"].rstrip(".")},
    CERTIFICATE: _options,
}

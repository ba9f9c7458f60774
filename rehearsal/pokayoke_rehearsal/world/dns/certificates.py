"""ACM: a certificate is issued once its validation records answer on the internet, and never before.

moto issues after a minute whatever stands in DNS, gives all accounts and domains the same record, and makes an RSA key
of its own each time. Here the record follows from account and domain, so that certificates of one name share it in
all regions, and `*.` shares its domain's (ACM user guide, "DNS validation").
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from moto.acm.models import AWSCertificateManagerBackend, TagHolder, acm_backends, datetime_to_epoch
from moto.acm.utils import make_arn_for_certificate
from moto.core.exceptions import AWSError
from moto.core.utils import utcnow
from moto.elbv2.models import elbv2_backends
from moto.route53.models import route53_backends

from pokayoke_rehearsal.world.dns import zones
from pokayoke_rehearsal.world.rules.guard import guard

VALIDATIONS = "acm-validations.aws."


class ResourceInUseError(AWSError):
    TYPE = "ResourceInUseException"


def install() -> None:
    """Puts these certificates in the place of moto's requested ones."""
    AWSCertificateManagerBackend.request_certificate = _request  # pyright: ignore[reportAttributeAccessIssue]
    guard(AWSCertificateManagerBackend, "delete_certificate", before=_nothing_uses_it)


def gaps(account: str, region: str, arn: str) -> list[str]:
    """What keeps ACM from issuing a certificate, one text a validation record; none once it is issued."""
    found = acm_backends[account][region].get_certificate(arn)
    return found.gaps() if isinstance(found, Certificate) and found.status != "ISSUED" else []


def record_for(account: str, domain: str) -> tuple[str, str]:
    """Name and value of the CNAME record that proves a domain to ACM."""
    name = domain.removeprefix("*.").lower()
    digest = hashlib.sha256(f"{account} {name}".encode()).hexdigest()
    return f"_{digest[:32]}.{name}.", f"_{digest[32:]}.{_letters(account)}.{VALIDATIONS}"


class Certificate:
    """A requested certificate, in the shape of moto's."""

    type = "AMAZON_ISSUED"
    cert = chain = b""

    def __init__(self, account: str, region: str, domain: str, alternatives: Sequence[str]) -> None:
        self.arn = make_arn_for_certificate(account, region)
        self.name = self.common_name = domain
        self.sans = list(dict.fromkeys([domain, *alternatives]))
        self.tags = TagHolder()
        self.cert_options = {"CertificateTransparencyLoggingPreference": "ENABLED", "Export": "DISABLED"}
        self.created = utcnow()
        self._account, self._region = account, region
        self._issued = self._described = False

    @property
    def status(self) -> str:
        """ACM looks at DNS all the time; a certificate that was issued stays so."""
        self._issued = self._issued or not self.gaps()
        return "ISSUED" if self._issued else "PENDING_VALIDATION"

    def check(self) -> None:
        """Nothing: moto's own certificates look at the clock here."""

    def gaps(self) -> list[str]:
        """What is missing, one text a validation record."""
        route53 = route53_backends[self._account]["aws"]
        asked = dict.fromkeys(record_for(self._account, domain) for domain in self.sans)
        return [gap for name, value in asked if (gap := _gap(route53, name, value))]

    @property
    def in_use_by(self) -> list[str]:
        """The balancers whose listeners serve it."""
        balancers = elbv2_backends[self._account][self._region].load_balancers.values()
        return [
            balancer.arn
            for balancer in balancers
            if any(self.arn in (listener.certificates or []) for listener in balancer.listeners.values())
        ]

    def describe(self) -> dict[str, Any]:
        # ACM takes its minutes: who has just requested a certificate sees it pending, whatever stands in DNS already.
        status = self.status if self._described else "PENDING_VALIDATION"
        self._described = True
        stamp = datetime_to_epoch(self.created)
        shown: dict[str, Any] = {
            "CertificateArn": self.arn,
            "CreatedAt": stamp,
            "DomainName": self.common_name,
            "DomainValidationOptions": [self._validation(domain, status) for domain in self.sans],
            "InUseBy": self.in_use_by,
            "KeyAlgorithm": "RSA-2048",
            "Options": self.cert_options,
            "RenewalEligibility": "INELIGIBLE",
            "Status": status,
            "SubjectAlternativeNames": self.sans,
            "Type": self.type,
        }
        return {"Certificate": shown | ({"IssuedAt": stamp} if status == "ISSUED" else {})}

    def _validation(self, domain: str, status: str) -> dict[str, Any]:
        name, value = record_for(self._account, domain)
        return {
            "DomainName": domain,
            "ResourceRecord": {"Name": name, "Type": "CNAME", "Value": value},
            "ValidationDomain": domain,
            "ValidationMethod": "DNS",
            "ValidationStatus": "SUCCESS" if status == "ISSUED" else status,
        }


def _request(
    self: Any,
    domain_name: str,
    idempotency_token: str | None,
    subject_alt_names: list[str] | None,
    tags: list[dict[str, str]] | None,
    cert_authority_arn: str | None = None,  # noqa: ARG001
    cert_options: dict[str, Any] | None = None,
) -> str:
    if idempotency_token and (known := self._get_arn_from_idempotency_token(idempotency_token)):
        return str(known)
    made = Certificate(self.account_id, self.region_name, domain_name, subject_alt_names or [])
    made.cert_options |= cert_options or {}
    made.tags.add(tags or [])
    self._certificates[made.arn] = made
    if idempotency_token:
        self._set_idempotency_token_arn(idempotency_token, made.arn)
    return made.arn


def _nothing_uses_it(acm: Any, asked: dict[str, Any]) -> None:
    found = acm._certificates.get(asked["arn"])  # pyright: ignore[reportPrivateUsage]
    if isinstance(found, Certificate) and found.in_use_by:
        raise ResourceInUseError(f"Certificate {found.arn} in account {acm.account_id} is in use.")


def _gap(route53: Any, name: str, value: str) -> str:
    answers = zones.authority(route53, name)
    if answers.zone is not None and _stands(answers.zone, name, value):
        return ""
    said = f"validation record {zones.bare(name)} (CNAME {value})"
    if any(_stands(zone, name, value) for zone in route53.zones.values()):
        return f"{said} stands in a zone where no resolver finds it: {answers.gap}"
    if answers.zone is None or answers.gap:
        return f"{said} stands nowhere, and {answers.gap}"
    return f"{said} is missing from {zones.told(answers.zone)}"


def _stands(zone: Any, name: str, value: str) -> bool:
    held = (one for record in zones.records(zone, name, "CNAME") for one in record.records)
    return any(zones.bare(one) == zones.bare(value) for one in held)


def _letters(account: str) -> str:
    digest = hashlib.sha256(account.encode()).digest()
    return "".join(chr(ord("a") + byte % 26) for byte in digest[:10])

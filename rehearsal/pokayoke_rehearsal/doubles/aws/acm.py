"""ACM certificates, and the resource that waits until one is issued."""

# ruff: noqa: ARG002 (the calls of all resource types have one signature)
from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from pokayoke_rehearsal.doubles.aws.resource import Resource, pascal_keys, pick, tag_list, tag_map
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import UNKNOWN, Inputs, Plain, ProviderError
from pokayoke_rehearsal.world.shapes import listed

# The real provider's id of a validation is the time of issue before it waited for it: Go's zero.
VALIDATED = "0001-01-01 00:00:00 +0000 UTC"
NEVER_ISSUED = "timeout while waiting for state to become 'ISSUED' (last state: 'PENDING_VALIDATION', timeout: 1h15m0s)"


class Certificate(Resource):
    """A certificate that ACM issues; imported and private ones are not modelled."""

    pulumi_type = "aws:acm/certificate:Certificate"
    service: ClassVar[str] = "acm"
    noun = "ACM Certificate"
    operation = "RequestCertificate"
    tagged = True
    required = ("domainName", "validationMethod")
    replace = ("domainName", "keyAlgorithm", "subjectAlternativeNames", "validationMethod", "validationOptions")
    delete_again_after = ("ResourceInUseException",)
    computed = (
        "arn",
        "keyAlgorithm",
        "notAfter",
        "notBefore",
        "options",
        "pendingRenewal",
        "renewalEligibility",
        "renewalSummaries",
        "status",
        "type",
        "validationEmails",
    )

    def refusals(self, inputs: Inputs) -> list[tuple[str, str]]:
        names = [("domainName", inputs["domainName"])]
        names += [("subjectAlternativeNames", name) for name in listed(inputs, "subjectAlternativeNames")]
        return [
            (key, "cannot end with a period") for key, name in names if isinstance(name, str) and name.endswith(".")
        ]

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        found = pick(inputs, "domainName", "keyAlgorithm", "validationMethod")
        if inputs.get("subjectAlternativeNames"):
            found["SubjectAlternativeNames"] = inputs["subjectAlternativeNames"]
        if "options" in inputs:
            found["Options"] = pascal_keys(inputs["options"])
        if "validationOptions" in inputs:
            found["DomainValidationOptions"] = pascal_keys(inputs["validationOptions"])
        return found

    def planned(self, site: Site, inputs: Inputs) -> Inputs:
        """Which domains are to be validated is known already, only their records are not."""
        records = {"resourceRecordName": UNKNOWN, "resourceRecordType": UNKNOWN, "resourceRecordValue": UNKNOWN}
        names = _names(inputs)
        asked: Any = UNKNOWN if names is UNKNOWN else [{"domainName": name, **records} for name in names]
        return {"domainValidationOptions": asked, "subjectAlternativeNames": names}

    def create(self, site: Site, inputs: Inputs) -> str:
        tags = {"Tags": tag_list(inputs["tags"])} if inputs.get("tags") else {}
        return site.client("acm").request_certificate(**self.parameters(inputs), **tags)["CertificateArn"]

    def same(self, key: str, stated: Plain, found: Plain, inputs: Inputs) -> bool:
        """ACM lists the certificate's own domain among the alternative names."""
        own = {inputs["domainName"]}
        return key == "subjectAlternativeNames" and {*stated} - own == {*found} - own

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        acm = site.client("acm")
        found = acm.describe_certificate(CertificateArn=resource_id)["Certificate"]
        options = [
            {
                "domainName": one["DomainName"],
                "resourceRecordName": one["ResourceRecord"]["Name"],
                "resourceRecordType": one["ResourceRecord"]["Type"],
                "resourceRecordValue": one["ResourceRecord"]["Value"],
            }
            for one in found["DomainValidationOptions"]
        ]
        preference = found["Options"]["CertificateTransparencyLoggingPreference"]
        return {
            "arn": resource_id,
            "domainName": found["DomainName"],
            "domainValidationOptions": options,
            "keyAlgorithm": found["KeyAlgorithm"].replace("-", "_"),
            "notAfter": "",
            "notBefore": "",
            "options": {"certificateTransparencyLoggingPreference": preference, "export": found["Options"]["Export"]},
            "pendingRenewal": False,
            "renewalEligibility": found["RenewalEligibility"],
            "renewalSummaries": [],
            "status": found["Status"],
            "subjectAlternativeNames": sorted(found["SubjectAlternativeNames"]),
            "tags": tag_map(acm.list_tags_for_certificate(CertificateArn=resource_id)["Tags"]),
            "type": found["Type"],
            "validationEmails": [],
            "validationMethod": "DNS",
        }

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        """Only tags change in place here."""

    def retag(self, site: Site, resource_id: str, state: Inputs, gone: Collection[str], tags: Inputs) -> None:
        acm = site.client("acm")
        if gone:
            acm.remove_tags_from_certificate(CertificateArn=resource_id, Tags=[{"Key": key} for key in gone])
        if tags:
            acm.add_tags_to_certificate(CertificateArn=resource_id, Tags=tag_list(tags))

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("acm").delete_certificate(CertificateArn=resource_id)


class CertificateValidation(Resource):
    pulumi_type = "aws:acm/certificateValidation:CertificateValidation"
    service: ClassVar[str] = "acm"
    noun = "ACM Certificate"
    required = ("certificateArn",)
    replace = ("certificateArn", "validationRecordFqdns")
    saved_at_once = False

    def create(self, site: Site, inputs: Inputs) -> str:
        said = [name.rstrip(".") for name in listed(inputs, "validationRecordFqdns")]
        wanted = {
            one["ResourceRecord"]["Name"].rstrip("."): one["DomainName"]
            for one in self._describe(site, inputs)["DomainValidationOptions"]
        }
        missing = [f"missing {domain} DNS validation record: {name}" for name, domain in wanted.items()]
        if said and (missing := [text for text in missing if text.rpartition(" ")[2] not in said]):
            raise ProviderError("\n".join(missing))
        return VALIDATED

    def told_by(self, resource_id: str, state: Inputs) -> str:
        return state["certificateArn"]

    def unsettled(self, site: Site, resource_id: str, state: Inputs) -> str:
        from pokayoke_rehearsal.world.dns import certificates

        if self._describe(site, state)["Status"] == "ISSUED":
            return ""
        missing = certificates.gaps(site.account, site.region, state["certificateArn"])
        return f"{NEVER_ISSUED}: {'; '.join(missing)}"

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        return {} if self._describe(site, known)["Status"] == "ISSUED" else None

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        """Nothing was made, so nothing is deleted."""

    def _describe(self, site: Site, inputs: Inputs) -> dict[str, Any]:
        return site.client("acm").describe_certificate(CertificateArn=inputs["certificateArn"])["Certificate"]


def _names(inputs: Inputs) -> Any:
    """The domain and its alternatives: ACM adds the one to the others."""
    others = inputs.get("subjectAlternativeNames", [])
    if others is UNKNOWN or inputs["domainName"] is UNKNOWN or UNKNOWN in others:
        return UNKNOWN
    return sorted({inputs["domainName"], *others})

"""The records by which ACM sees that a host's zone is ours."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from ..rules.domains import validation_names

SECONDS_TO_LIVE = 300

Options = Sequence[aws.acm.outputs.CertificateDomainValidationOption]


class ValidationRecords:
    """One record a name, whichever certificates ask for it.

    ACM asks for the same record for a name in every region, and for a name and its wildcard (ACM user guide, "DNS
    validation"). So the first certificate that has the name makes it, under a logical name that no certificate is part
    of, and the others are validated by it. Nothing is overwritten: where a record of that name is there already it is
    somebody else's, and taking it over would end the renewal of their certificate when ours goes.
    """

    def __init__(self, name: str, zone_id: pulumi.Input[str], *, parent: pulumi.Resource) -> None:
        self._name = name
        self._zone_id = zone_id
        self._opts = pulumi.ResourceOptions(parent=parent)
        self._made: dict[str, aws.route53.Record] = {}

    def of(self, certificate: aws.acm.Certificate, hosts: Sequence[str]) -> list[aws.route53.Record]:
        """The records for these hosts of the certificate. How many there are follows from the hosts: the options are
        unknown in a preview."""
        return [self._record(certificate.domain_validation_options, name) for name in validation_names(hosts)]

    def _record(self, options: pulumi.Output[Options], name: str) -> aws.route53.Record:
        if name not in self._made:
            asked = options.apply(lambda every: _option(every, name))
            self._made[name] = aws.route53.Record(
                f"{self._name}-validation-{name}",
                zone_id=self._zone_id,
                name=asked.apply(lambda one: one.resource_record_name or ""),
                type=asked.apply(lambda one: one.resource_record_type or ""),
                records=[asked.apply(lambda one: one.resource_record_value or "")],
                ttl=SECONDS_TO_LIVE,
                opts=self._opts,
            )
        return self._made[name]


def _option(options: Options, name: str) -> aws.acm.outputs.CertificateDomainValidationOption:
    for one in options:
        if one.domain_name in (name, f"*.{name}"):
            return one
    raise ValueError(f"ACM asked for no record of {name}, only of {[one.domain_name for one in options]}")

"""A certificate for hosts of a zone."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from .validation import ValidationRecords


class Certificate(pulumi.ComponentResource):
    """A certificate that is issued by the time that its ARN is known. Made by `Dns.certificate`.

    Creates:
        - a certificate of ACM, in one region, validated by DNS and renewed by ACM
        - the records that validate it, unless another certificate of the zone has made them
        - a wait until it is issued
    """

    arn: pulumi.Output[str]
    """Known once the certificate is issued: no balancer takes it earlier."""
    hosts: tuple[str, ...]
    ready: list[pulumi.Resource]

    def __init__(
        self,
        name: str,
        hosts: Sequence[str],
        *,
        records: ValidationRecords,
        after: Sequence[pulumi.Resource],
        tags: Mapping[str, str],
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__("pokayoke-eks:index:Certificate", name, {}, opts)
        self.hosts = tuple(hosts)
        requested = aws.acm.Certificate(
            name,
            domain_name=self.hosts[0],
            subject_alternative_names=list(self.hosts[1:]) or None,
            validation_method="DNS",
            tags=tags,
            # ACM looks for the record in public DNS: before the delegation it would look in vain, and what resolvers
            # remember of that look would outlast it.
            opts=pulumi.ResourceOptions(parent=self, depends_on=after),
        )
        validated = records.of(requested, self.hosts)
        issued = aws.acm.CertificateValidation(
            name,
            certificate_arn=requested.arn,
            validation_record_fqdns=[record.fqdn for record in validated],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*validated, *after]),
        )
        self.arn = issued.certificate_arn
        self.ready = [issued]
        self.register_outputs({})

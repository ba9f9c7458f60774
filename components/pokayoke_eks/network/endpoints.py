"""Ways to AWS's own services that do not leave the VPC. They stand beside NAT, never in its place: the public ECR, the
IAM API and others have no such endpoint."""

import pulumi
import pulumi_aws as aws

from .. import tags
from ..config import NetworkConfig


def s3_endpoint(
    name: str,
    config: NetworkConfig,
    vpc: aws.ec2.Vpc,
    tables: list[aws.ec2.RouteTable],
    opts: pulumi.ResourceOptions,
) -> aws.ec2.VpcEndpoint:
    """The gateway endpoint of S3: image layers of ECR come from there, and by NAT they would be billed by the byte."""
    return aws.ec2.VpcEndpoint(
        f"{name}-s3",
        vpc_id=vpc.id,
        vpc_endpoint_type="Gateway",
        service_name=f"com.amazonaws.{config.region}.s3",
        route_table_ids=[table.id for table in tables],
        tags=tags.of(config.name, config.tags, Name=f"{config.name}-s3"),
        opts=opts,
    )


def interface_endpoints(
    name: str,
    config: NetworkConfig,
    vpc: aws.ec2.Vpc,
    subnets: list[aws.ec2.Subnet],
    opts: pulumi.ResourceOptions,
) -> list[pulumi.Resource]:
    """The interface endpoints that the config names, in every zone, reachable from the whole VPC over TLS."""
    if not config.interface_endpoints:
        return []
    group = aws.ec2.SecurityGroup(
        f"{name}-endpoints",
        vpc_id=vpc.id,
        description="Interface endpoints: TLS from the VPC",
        ingress=[
            aws.ec2.SecurityGroupIngressArgs(
                description="TLS from the VPC",
                protocol="tcp",
                from_port=443,
                to_port=443,
                cidr_blocks=[str(config.cidr)],
            )
        ],
        egress=[],
        tags=tags.of(config.name, config.tags, Name=f"{config.name}-endpoints"),
        opts=opts,
    )
    return [
        aws.ec2.VpcEndpoint(
            f"{name}-{service}",
            vpc_id=vpc.id,
            vpc_endpoint_type="Interface",
            service_name=f"com.amazonaws.{config.region}.{service}",
            subnet_ids=[subnet.id for subnet in subnets],
            security_group_ids=[group.id],
            private_dns_enabled=True,
            tags=tags.of(config.name, config.tags, Name=f"{config.name}-{service}"),
            opts=opts,
        )
        for service in config.interface_endpoints
    ]

"""A zone is delegated before anything waits for it, and a validation record has one owner however many ask for it."""

from collections.abc import Callable
from typing import Any

import grpc
import pulumi
import pulumi_aws as aws
import pytest
from registrations import Given, Registered, record
from zones import CERTIFICATE, COMPUTED, LOOKUPS, NAME_SERVERS, RECORD, VALIDATION, ZONE

from pokayoke_eks import Dns, DnsConfig

SEOUL, TOKYO = "ap-northeast-2", "ap-northeast-1"
BELOW = {"domain": "dev.example.com", "parent_zone": "example.com"}


def dns(build: Callable[[Dns, dict[str, aws.Provider]], object], *, preview: bool = False, **said: Any) -> Registered:
    """What a zone and what `build` makes of it register; providers of two regions at hand."""
    config = DnsConfig.model_validate({"name": "demo", "lifecycle": "disposable", "domain": "example.com", **said})

    def program() -> None:
        providers = {region: aws.Provider(region, region=region) for region in (SEOUL, TOKYO)}
        build(Dns("demo", config, opts=pulumi.ResourceOptions(provider=providers[SEOUL])), providers)

    return record(program, lookups=LOOKUPS, computed=COMPUTED, preview=preview)


def in_both(*hosts: str) -> Callable[[Dns, dict[str, aws.Provider]], object]:
    """A certificate in each region."""

    def build(zone: Dns, providers: dict[str, aws.Provider]) -> None:
        for region, provider in providers.items():
            zone.certificate(region, hosts, provider=provider)

    return build


def nothing(zone: Dns, providers: dict[str, aws.Provider]) -> None:
    pass


class Refusal(grpc.RpcError):
    """What the engine answers when a lookup fails."""

    def code(self) -> grpc.StatusCode:
        return grpc.StatusCode.UNKNOWN

    def details(self) -> str:
        return "no matching Route 53 Hosted Zone found"


# The zone


def test_a_zone_that_is_there_is_looked_up_by_name_and_nothing_is_made() -> None:
    found: list[Any] = []

    def look(zone: Dns, _: object) -> None:
        pulumi.Output.all(zone.zone_id, zone.name_servers).apply(found.append)

    made = dns(look)
    assert found == [["Z-example.com", NAME_SERVERS]]
    assert {one.type for one in made if one.custom} == {"pulumi:providers:aws"}


def test_a_zone_that_is_not_there_is_told_with_what_to_do() -> None:
    def none(asked: Given) -> Given:
        raise Refusal

    config = DnsConfig.model_validate({"name": "demo", "lifecycle": "disposable", "domain": "example.com"})
    with pytest.raises(pulumi.RunError, match=r"the hosted zone example.com cannot be adopted .*naming its `parent_zo"):
        record(lambda: Dns("demo", config), lookups={**LOOKUPS, "aws:route53/getZone:getZone": none})


def test_a_made_zone_is_delegated_by_the_stack_that_makes_it() -> None:
    made = dns(nothing, **BELOW)
    delegation = made.one(RECORD, type="NS")
    assert made.one(ZONE).inputs["name"] == "dev.example.com"
    assert delegation.inputs["zoneId"] == "Z-example.com"
    assert (delegation.inputs["name"], delegation.inputs["records"]) == ("dev.example.com", NAME_SERVERS)


def test_the_delegation_goes_before_the_zone_so_that_it_never_leads_to_strangers() -> None:
    made = dns(nothing, **BELOW)
    assert made.goes_before(made.one(RECORD, type="NS"), made.one(ZONE))


@pytest.mark.parametrize(
    ("lifecycle", "allow_destroy", "held"),
    [("disposable", False, False), ("retained", False, True), ("retained", True, False)],
)
def test_what_was_written_by_hand_holds_a_protected_zone_only(lifecycle: str, allow_destroy: bool, held: bool) -> None:
    made = dns(nothing, **BELOW, lifecycle=lifecycle, allow_destroy=allow_destroy)
    assert made.one(ZONE).inputs["forceDestroy"] is not held
    assert {one.protect for one in made if one.type in (ZONE, RECORD)} == {held}


# Certificates


def test_no_certificate_waits_for_a_zone_that_is_not_delegated_yet() -> None:
    made = dns(in_both("dev.example.com"), **BELOW)
    for one in (*made.of_type(CERTIFICATE), *made.of_type(VALIDATION), made.one(RECORD, type="CNAME")):
        assert made.goes_before(one, made.one(RECORD, type="NS"))


def test_two_regions_and_a_wildcard_share_one_record() -> None:
    made = dns(in_both("example.com", "*.example.com", "shop.example.com"))
    records = made.of_type(RECORD, type="CNAME")
    assert {one.inputs["name"] for one in records} == {"_acm.example.com.", "_acm.shop.example.com."}
    assert len(records) == 2
    for validation in made.of_type(VALIDATION):
        assert validation.inputs["validationRecordFqdns"] == ["_acm.example.com", "_acm.shop.example.com"]
        assert all(made.goes_before(validation, one) for one in records)


def test_each_certificate_is_issued_in_its_own_region() -> None:
    made = dns(in_both("example.com"))
    for type_ in (CERTIFICATE, VALIDATION):
        providers = {one.name: one.provider.split("::")[-2] for one in made.of_type(type_)}
        assert providers == {SEOUL: SEOUL, TOKYO: TOKYO}


def test_a_record_is_named_after_its_host_whichever_certificate_comes_first() -> None:
    def the_other_way_round(zone: Dns, providers: dict[str, aws.Provider]) -> None:
        in_both("example.com")(zone, dict(reversed(providers.items())))

    one, other = dns(in_both("example.com")), dns(the_other_way_round)
    assert one.one(RECORD).urn == other.one(RECORD).urn


def test_a_preview_shows_every_record_although_acm_was_not_asked_yet() -> None:
    hosts = ("dev.example.com", "*.dev.example.com", "shop.dev.example.com")
    made = dns(in_both(*hosts), preview=True, **BELOW)
    assert len(made.of_type(RECORD)) == 3  # the delegation is one


def test_the_arn_is_that_of_an_issued_certificate() -> None:
    def take(zone: Dns, providers: dict[str, aws.Provider]) -> None:
        certificate = zone.certificate("edge", ["example.com"], provider=providers[SEOUL])
        aws.ssm.Parameter("user", type="String", value=certificate.arn)

    made = dns(take)
    assert made.goes_before(made.one("aws:ssm/parameter:Parameter"), made.one(VALIDATION))


def test_a_second_host_of_a_certificate_may_be_long_and_the_first_may_not() -> None:
    long = "a" * 60 + ".example.com"
    made = dns(in_both("example.com", long))
    assert made.of_type(CERTIFICATE)[0].inputs["subjectAlternativeNames"] == [long]
    with pytest.raises(ValueError, match="the first host is 72 characters long"):
        dns(in_both(long, "example.com"))


@pytest.mark.parametrize(
    ("hosts", "said"),
    [
        (("shop.example.org",), "'shop.example.org' is not in example.com"),
        (("notexample.com",), "is not in example.com"),
        (("shop.*.example.com",), "wildcard that is not its first label"),
        (("Shop.example.com",), "Write shop.example.com"),
        (("https://shop.example.com",), "is an address"),
        (("shop.example.com.",), "ends with a dot"),
        (("shop.example.com", "shop.example.com"), "named twice"),
        ((), "no host"),
        (tuple(f"{n}.example.com" for n in range(101)), "101 hosts"),
    ],
    ids=["elsewhere", "suffix", "inner-wildcard", "capitals", "address", "dot", "twice", "none", "many"],
)
def test_a_certificate_that_could_never_be_issued_is_not_asked_for(hosts: tuple[str, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        dns(in_both(*hosts))

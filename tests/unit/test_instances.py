"""The table of instance types against its sources, and what is computed from it."""

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pokayoke_eks import instances
from pokayoke_eks.instances import generate


@pytest.fixture(scope="module")
def moto_resources() -> Path:
    import moto.ec2

    return Path(moto.ec2.__file__).parent / "resources"


@pytest.fixture(scope="module")
def catalogue(moto_resources: Path) -> dict[str, Any]:
    return json.loads(gzip.decompress((moto_resources / "instance_types.json.gz").read_bytes()))


def known(name: str) -> instances.InstanceType:
    kind = instances.instance_type(name)
    assert kind is not None
    return kind


def test_architecture_and_size_are_those_of_motos_catalogue(catalogue: dict[str, Any]) -> None:
    for name in instances.names():
        kind, moto = known(name), catalogue[name]
        assert kind.architecture in moto["ProcessorInfo"]["SupportedArchitectures"]
        assert kind.vcpus == moto["VCpuInfo"]["DefaultVCpus"]
        assert kind.memory == moto["MemoryInfo"]["SizeInMiB"]
        assert kind.enis == moto["NetworkInfo"]["MaximumNetworkInterfaces"]
        assert kind.ipv4_per_eni == moto["NetworkInfo"]["Ipv4AddressesPerInterface"]


@pytest.mark.upstream
def test_the_checked_in_tables_are_what_their_sources_generate(shared: Path, moto_resources: Path) -> None:
    table = generate.table(moto_resources, shared / "data" / "instances" / "instances.json")
    assert table == generate.TABLE.read_text()
    assert generate.offers(moto_resources, table) == generate.REGIONS.read_text()


@pytest.mark.parametrize("region", ["ap-northeast-1", "ap-northeast-2", "us-east-1"])
def test_a_region_offers_what_motos_catalogue_says(region: str, moto_resources: Path) -> None:
    file = moto_resources / "instance_type_offerings" / "region" / f"{region}.json.gz"
    offered = {one["InstanceType"] for one in json.loads(gzip.decompress(file.read_bytes()))}
    assert instances.offered(region) == offered & set(instances.names())


def test_a_region_without_data_is_told_from_one_that_offers_nothing() -> None:
    assert instances.offered("cn-north-1") is None


@pytest.mark.upstream
def test_eni_limits_and_prices_are_those_of_the_shared_data(shared: Path) -> None:
    facts = json.loads((shared / "data" / "instances" / "instances.json").read_text())
    assert len(instances.names()) > 1_300
    for name in instances.names():
        kind = known(name)
        assert (kind.enis, kind.ipv4_per_eni) == (facts[name]["enis"], facts[name]["ipv4_per_eni"])
        assert kind.usd_per_hour == facts[name].get("usd_per_hour")


def test_the_script_writes_the_table_it_is_given(tmp_path: Path) -> None:
    kind = {
        "ProcessorInfo": {"SupportedArchitectures": ["i386", "x86_64"]},
        "VCpuInfo": {"DefaultVCpus": 1},
        "MemoryInfo": {"SizeInMiB": 512},
    }
    mac = {**kind, "ProcessorInfo": {"SupportedArchitectures": ["arm64_mac"]}}
    facts = tmp_path / "facts.json"
    catalogue = {"x.small": kind, "mac.metal": mac, "y.small": kind}
    (tmp_path / "instance_types.json.gz").write_bytes(gzip.compress(json.dumps(catalogue).encode()))
    facts.write_text(json.dumps({name: {"enis": 2, "ipv4_per_eni": 4} for name in ("x.small", "mac.metal", "z.small")}))
    assert generate.table(tmp_path, facts) == '{\n"x.small": ["x86_64",1,512,2,4,null]\n}\n'


def test_the_script_writes_which_regions_offer_a_type(tmp_path: Path) -> None:
    folder = tmp_path / "instance_type_offerings" / "region"
    folder.mkdir(parents=True)
    for region, names in (("aa-1", ["x.small", "mac.metal"]), ("bb-1", []), ("cc-1", ["x.small"])):
        offers = [{"InstanceType": name, "LocationType": "region", "Location": region} for name in names]
        (folder / f"{region}.json.gz").write_bytes(gzip.compress(json.dumps(offers).encode()))
    told = json.loads(generate.offers(tmp_path, '{"x.small": [], "y.small": []}'))
    assert told == {"regions": ["aa-1", "bb-1", "cc-1"], "types": {"x.small": "5", "y.small": "0"}}


def test_pods_by_eni_limits_are_those_that_aws_publishes() -> None:
    # amazon-eks-ami, eni-max-pods.txt
    published = {"t4g.medium": 17, "t4g.large": 35, "m5.large": 29, "m7g.medium": 8, "c5.18xlarge": 737}
    assert {name: known(name).eni_pods for name in published} == published


def test_bottlerocket_reserves_memory_for_every_pod_that_a_node_may_have() -> None:
    medium = known("t4g.medium")
    assert medium.allocatable(17).memory - medium.allocatable(110).memory == 11 * (110 - 17)
    assert medium.allocatable() == medium.allocatable(medium.eni_pods)
    # (4096 - 64) less 7.5 %, less 255 + 11 x 17, less 100
    assert medium.allocatable() == (1930, 3187, 17)


def test_reserved_cpu_follows_the_ladder_of_cores() -> None:
    assert known("m7g.medium").allocatable().cpu == 1_000 - 60
    assert known("m7g.large").allocatable().cpu == 2_000 - 60 - 10
    assert known("m7g.xlarge").allocatable().cpu == 4_000 - 60 - 10 - 10
    assert known("m7g.2xlarge").allocatable().cpu == 8_000 - 60 - 10 - 10 - 10


def test_a_price_is_of_a_stated_region_and_day() -> None:
    assert (instances.PRICE_REGION, instances.PRICE_DATE.isoformat()) == ("us-east-1", "2026-07-20")
    assert known("t4g.medium").usd_per_hour == pytest.approx(0.0336)
    assert known("t4g.medium").family == "t4g"


def test_nothing_is_known_of_a_type_that_does_not_exist() -> None:
    assert instances.instance_type("t4g.colossal") is None


def test_the_table_is_not_read_before_it_is_asked_for() -> None:
    code = "from pokayoke_eks import instances as i; print(i._table.cache_info().currsize); i.names(); " + (
        "print(i._table.cache_info().currsize)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "1"]

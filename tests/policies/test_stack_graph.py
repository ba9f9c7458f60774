"""What policies know of a stack: what each resource leans on, what is in what, and what it says."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from pokayoke_policies.order import Order
from pokayoke_policies.raw import UNKNOWN, plain
from pokayoke_policies.stack import Member, Shown, Stack

BUCKET = "aws:s3/bucket:Bucket"
HOLDER = "example:index:Holder"


def one(name: str, *after: str, kind: str = BUCKET, **more: Any) -> Member:
    said: Mapping[str, Any] = more.pop("said", {})
    return Member(name, kind, lambda: said, dependencies=after, **more)


def test_what_is_leant_on_by_what_is_leant_on_is_there_before() -> None:
    stack = Stack([one("a", "b"), one("b", "c"), one("c"), one("d")])
    assert set(stack.behind("a")) == {"b", "c"}
    assert set(stack.behind("c")) == set()


def test_a_value_that_comes_from_a_resource_makes_it_stand_before() -> None:
    stack = Stack([one("a", sources={"x": ("b", "c"), "y": ("d",)}), one("b"), one("c"), one("d", "e"), one("e")])
    assert set(stack.behind("a")) == {"b", "c", "d", "e"}


def test_a_component_that_is_leant_on_stands_for_all_that_is_in_it() -> None:
    inside = [one("inner", kind=HOLDER, parent="outer"), one("leaf", "far", parent="inner")]
    stack = Stack([one("a", "outer"), one("outer", kind=HOLDER), *inside, one("far"), one("other")])
    assert set(stack.behind("a")) == {"outer", "inner", "leaf", "far"}


def test_what_those_around_a_resource_lean_on_is_there_before_it() -> None:
    stack = Stack(
        [
            one("leaf", parent="inner"),
            one("inner", kind=HOLDER, parent="outer", sources={"x": ("named",)}),
            one("outer", "far", kind=HOLDER),
            *map(one, ("named", "far", "other")),
        ]
    )
    assert set(stack.behind("leaf")) == {"inner", "outer", "named", "far"}
    assert [member.urn for member in stack.around("leaf")] == ["inner", "outer"]


def test_a_resource_leans_on_its_provider_and_on_what_that_leans_on() -> None:
    stack = Stack([one("a", provider="cluster-access"), one("cluster-access", "cluster"), one("cluster")])
    assert set(stack.behind("a")) == {"cluster-access", "cluster"}


def test_what_nothing_is_told_of_leans_on_nothing() -> None:
    stack = Stack([one("a", "gone", parent="lost"), one("own", parent="own")])
    assert set(stack.behind("a")) == {"gone"}
    assert set(stack.behind("gone")) == set()
    assert list(stack.around("a")) == []
    assert list(stack.around("nobody")) == []
    assert [member.urn for member in stack.around("own")] == ["own"]


def test_what_leans_on_one_another_is_there_before_each_other_and_not_before_itself() -> None:
    round_about = [one("a", "b"), one("b", "c"), one("c", "b", "d"), one("d", "e"), one("e")]
    stack = Stack([*round_about, one("leaf", "outer", parent="outer"), one("outer", kind=HOLDER), one("own", "own")])
    assert {member: set(stack.behind(member)) for member in "abcde"} == {
        "a": {"b", "c", "d", "e"},
        "b": {"c", "d", "e"},
        "c": {"b", "d", "e"},
        "d": {"e"},
        "e": set(),
    }
    assert set(stack.behind("leaf")) == {"outer"}
    assert set(stack.behind("own")) == set(stack.behind("nobody")) == set()


def test_of_several_resources_all_is_there_before_that_is_before_one() -> None:
    stack = Stack([one("a", "b"), one("b"), one("c", "d"), one("d"), one("e")])
    assert set(stack.behind("a", "c")) == {"b", "d"}
    assert set(stack.behind("a", "b")) == {"b"}
    assert len(stack.behind("a", "c")) == 2
    assert "b" in stack.behind("a")
    assert "c" not in stack.behind("a")
    assert "gone" not in stack.behind("a")
    assert None not in stack.behind("a")


def test_what_is_there_before_is_met_with_others_at_once() -> None:
    stack = Stack([one("a", "b", "gone"), one("b"), one("c")])
    assert stack.behind("a").meets(stack.among(["c", "b"]))
    assert stack.behind("a").meets(stack.among(["gone"]))
    assert not stack.behind("a").meets(stack.among(["a", "c", "nobody"]))
    assert set(stack.among(["a", "nobody", "c"])) == {"a", "c"}
    assert list(stack.behind("a").both(stack.among(["c", "b"]))) == ["b"]
    assert list(stack.among(["c", "b"]).without(stack.behind("a"))) == ["c"]
    assert sorted(stack.behind("a") | stack.among(["c"])) == ["b", "c", "gone"]
    assert "c" in stack.behind("a") | stack.among(["c"])


def test_a_resource_is_after_itself_and_what_is_there_before_it() -> None:
    stack = Stack([one("a", "b"), one("b"), one("c")])
    assert stack.is_after("a", stack.among("bc"))
    assert stack.is_after("a", stack.among("a"))
    assert not stack.is_after("a", stack.among("c"))
    assert not stack.is_after("a", stack.among(""))


def test_what_is_there_before_grows_no_faster_than_the_stack() -> None:
    def walked(number: int) -> int:
        steps = 0

        class Counted(dict[Any, Any]):
            def get(self, key: Any, default: Any = None) -> Any:
                nonlocal steps
                found = super().get(key, default)
                steps += 1 + len(found)
                return found

        chain = {f"r{index}": [f"r{index - 1}", ("all",)] for index in range(1, number)}
        order = Order(Counted({**chain, ("all",): [f"x{index}" for index in range(number)]}))
        assert len(order.behind(f"r{number - 1}")) == 2 * number - 1
        return steps

    assert walked(400) < 2.1 * walked(200)


def test_the_way_between_two_resources_is_the_shortest() -> None:
    stack = Stack([one("a", "b", "d"), one("b", "c"), one("c", "e"), one("d", "e"), one("e", "f"), one("f")])
    assert stack.way("a", "f") == ["a", "d", "e", "f"]
    assert stack.way("a", "a") == ["a"]
    assert stack.way("f", "a") == []


def test_what_is_in_a_component_is_found_by_its_type() -> None:
    inside = [one("inner", kind=HOLDER, parent="outer"), one("leaf", parent="inner"), one("second", parent="outer")]
    stack = Stack([one("outer", kind=HOLDER), *inside, one("beside")])
    assert stack.inside(["outer"], BUCKET) == {"leaf", "second"}
    assert stack.inside(["beside", "nobody"], BUCKET) == {"beside"}
    assert stack.inside(["outer"], HOLDER) == {"outer", "inner"}


def test_resources_come_by_type_and_package_in_one_order() -> None:
    zone = "aws:route53/zone:Zone"
    stack = Stack([one("c"), one("b", kind="gcp:storage/bucket:Bucket"), one("a"), one("z", kind=zone)])
    assert [member.urn for member in stack.of_type(zone, BUCKET)] == ["z", "a", "c"]
    assert [member.urn for member in stack.of_package("aws")] == ["a", "c", "z"]
    assert list(stack.of_type("aws:none:None")) == list(stack.of_package("none")) == []


def test_resources_of_aws_are_found_by_whatever_names_them() -> None:
    said = {"id": "x", "arn": "arn:aws:s3:::x", "name": "x", "bucket": "y", "identifier": UNKNOWN}
    stack = Stack([one("a", said=said), one("b", said={"name": "x"}), one("c", kind=HOLDER, said=said)])
    assert {text: [member.urn for member in found] for text, found in stack.named.items()} == {
        "x": ["a", "b"],
        "arn:aws:s3:::x": ["a"],
    }


def test_what_policies_work_out_is_worked_out_once() -> None:
    asked: list[str] = []

    def length(stack: Stack, text: str) -> int:
        asked.append(text)
        return len(stack.members) + len(text)

    stack = Stack([one("a")])
    assert [stack.once(length, text) for text in ("xx", "xx", "y")] == [3, 3, 2]
    assert asked == ["xx", "y"]
    assert stack.once(lambda _, text: text, "xx") == "xx"


def shown(urn: str, **more: Any) -> Any:
    said: dict[str, Any] = {"resource_type": BUCKET, "props": {}, "parent": None, "provider": None}
    said |= {"dependencies": [], "property_dependencies": {}, "opts": SimpleNamespace(protect=False)}
    return SimpleNamespace(urn=urn, **{**said, **more})


def test_the_inputs_that_were_shown_last_fill_in_what_the_outputs_do_not_tell() -> None:
    seen = Shown()
    seen.remember("a", {"name": "old", "acl": "private"})
    seen.remember("a", {"name": "new", "tags": {"team": "shop"}})
    stack = seen.stack([shown("a", props={"name": UNKNOWN, "arn": "arn"}), shown("b", props={"name": UNKNOWN})], dict)
    assert stack.members["a"].properties == {"name": "new", "tags": {"team": "shop"}, "arn": "arn"}
    assert stack.members["b"].properties == {"name": UNKNOWN}


def test_all_that_the_engine_tells_of_a_resource_is_kept() -> None:
    cluster = shown("cluster")
    access = shown("access", resource_type="pulumi:providers:aws", props={"region": "ap-northeast-2"})
    leant_on = {"dependencies": [cluster], "property_dependencies": {"name": [cluster, access]}}
    made = shown("a", parent=cluster, provider=access, opts=SimpleNamespace(protect=True), **leant_on)
    stack = Shown().stack([made, cluster, access], plain)
    member = stack.members["a"]
    assert (member.type, member.parent, member.provider, member.protected) == (BUCKET, "cluster", "access", True)
    assert (member.dependencies, member.sources) == (("cluster",), {"name": ("cluster", "access")})
    assert member.provider_properties() == {"region": "ap-northeast-2"}
    bare = stack.members["cluster"]
    assert (bare.parent, bare.provider, bare.protected, bare.provider_properties()) == (None, None, False, {})


def test_the_same_resources_are_one_stack_for_all_policies() -> None:
    seen, resources = Shown(), [shown("a"), shown("b")]
    first = seen.stack(resources, dict)
    assert seen.stack(list(resources), dict) is first
    assert seen.stack(resources[:1], dict) is not first
    assert list(seen.stack([shown("c")], dict).members) == ["c"]

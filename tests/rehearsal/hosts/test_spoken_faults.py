"""A fault finds the resources that somebody means."""

import pytest

from pokayoke_rehearsal.plan import FaultRequest
from pokayoke_rehearsal.spoken_faults import spoken

URN = "urn:pulumi:dev::shop::my:index:Cluster$aws:eks/nodeGroup:NodeGroup::system"


@pytest.mark.parametrize("target", [URN, "system", "aws:eks/nodeGroup:NodeGroup", "aws:eks:NodeGroup", "NodeGroup"])
def test_a_resource_is_meant_by_urn_name_type_short_type_and_class(target):
    assert spoken(FaultRequest(target)).hits(URN, "create")


@pytest.mark.parametrize("target", ["NodeGroup system", "aws:eks:NodeGroup system"])
def test_type_and_name_tell_resources_of_one_name_apart(target):
    assert spoken(FaultRequest(target)).hits(URN, "create")
    assert not spoken(FaultRequest(target)).hits(URN.replace("nodeGroup:NodeGroup", "addon:Addon"), "create")


@pytest.mark.parametrize("target", ["node", "eks", "nodeGroup", "my:index:Cluster", "systems"])
def test_parts_of_names_mean_nothing(target):
    assert not spoken(FaultRequest(target)).hits(URN, "create")


def test_an_operation_narrows_a_fault():
    fault = spoken(FaultRequest("system", "delete", "in use"))
    assert (fault.hits(URN, "delete"), fault.hits(URN, "create"), fault.message) == (True, False, "in use")

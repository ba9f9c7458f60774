"""Where Pulumi starts the pack: `pulumi preview --policy-pack policies`."""

from datetime import date

from pulumi_policy import EnforcementLevel, PolicyPack

from pokayoke_policies.pack import PACK_NAME, policies
from pokayoke_policies.sharing import share_deserialisation

share_deserialisation()
PolicyPack(name=PACK_NAME, policies=policies(date.today()), enforcement_level=EnforcementLevel.MANDATORY)

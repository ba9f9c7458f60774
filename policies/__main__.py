"""Where Pulumi starts the pack: `pulumi preview --policy-pack policies`."""

from pokayoke_policies.serving import serve

serve()

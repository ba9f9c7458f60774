"""OIDC providers of IAM."""

# ruff: noqa: ARG002 (the calls of all resource types have one signature)
from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pokayoke_rehearsal.doubles.aws.iam import IamResource
from pokayoke_rehearsal.doubles.aws.resource import Made, pick, tag_list
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import Inputs
from pokayoke_rehearsal.world.shapes import listed


class OpenIdConnectProvider(IamResource):
    pulumi_type = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
    noun = "IAM OIDC Provider"
    operation = "CreateOpenIDConnectProvider"
    tagged = True
    required = ("clientIdLists", "url")
    replace = ("url",)
    computed = ("arn", "thumbprintLists")
    tag_calls = ("tag_open_id_connect_provider", "untag_open_id_connect_provider", "OpenIDConnectProviderArn")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        return pick(inputs, "url", clientIdLists="ClientIDList", thumbprintLists="ThumbprintList")

    def create(self, site: Site, inputs: Inputs) -> Made:
        tags = tag_list(inputs.get("tags"))
        answer = site.client("iam").create_open_id_connect_provider(**self.parameters(inputs), Tags=tags)
        return answer["OpenIDConnectProviderArn"]

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        found = site.client("iam").get_open_id_connect_provider(OpenIDConnectProviderArn=resource_id)
        return {
            "arn": resource_id,
            "clientIdLists": found["ClientIDList"],
            "thumbprintLists": found.get("ThumbprintList", []),
            "url": known.get("url", found["Url"]),
        }

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        iam = site.client("iam")
        if "thumbprintLists" in changed:
            iam.update_open_id_connect_provider_thumbprint(
                OpenIDConnectProviderArn=resource_id, ThumbprintList=news.get("thumbprintLists", [])
            )
        before, after = listed(olds, "clientIdLists"), news["clientIdLists"]
        for client in [one for one in after if one not in before]:
            iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=resource_id, ClientID=client)
        for client in [one for one in before if one not in after]:
            iam.remove_client_id_from_open_id_connect_provider(OpenIDConnectProviderArn=resource_id, ClientID=client)

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("iam").delete_open_id_connect_provider(OpenIDConnectProviderArn=resource_id)

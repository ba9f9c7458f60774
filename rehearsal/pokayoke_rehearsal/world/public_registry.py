"""public.ecr.aws, the registry of public charts and images: anybody pulls there; who brings a password is held to it.

On it turns `public-registry-credentials`. A password is good for twelve hours (Amazon ECR Public API reference,
GetAuthorizationToken), and no rehearsal lasts as long: good are those that this world gave out. With any other the
registry answers 403 to what it gives everybody who brings none (awslabs/eksdemo#68, aws/karpenter-provider-aws#3441).
"""

from __future__ import annotations

import secrets

HOST = "public.ecr.aws"
REGION = "us-east-1"
"""Where passwords are to be had (terraform-provider-aws, `aws_ecrpublic_authorization_token`)."""
USER = "AWS"

_EXPIRED = "denied: Your authorization token has expired. Reauthenticate and try again."


class PublicRegistry:
    """Gives out passwords, another one each time, and knows them again."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def password(self) -> str:
        """A new password, good from now on."""
        made = secrets.token_urlsafe(48)
        self._given.add(made)
        return made

    def refusal(self, repository: str, version: str, password: str) -> str:
        """What the registry's client says when a chart is asked for with this password; empty when it comes.

        Worded as oras-go 2.6 does, which Helm 3.20 and so pulumi-kubernetes 4.32 pull with.
        """
        if password in self._given:
            return ""
        asked = f'GET "https://{HOST}/v2/{repository}/manifests/{version}"'
        return f'failed to perform "FetchReference" on source: {asked}: response status code 403: {_EXPIRED}'

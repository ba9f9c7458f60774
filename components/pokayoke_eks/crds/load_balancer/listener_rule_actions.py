"""What a rule of an ALB's listener does. Source: AWS Load Balancer Controller v3.5.0, `config/crd/gateway`."""

from typing import Annotated, Literal

from pydantic import Field

from ..constraints import Bool, Int32, Int64
from ..part import Part

ActionType = Literal[
    "forward", "fixed-response", "redirect", "authenticate-cognito", "authenticate-oidc", "jwt-validation"
]
ExtraParameters = Annotated[dict[str, str], Field(max_length=10)]
OnUnauthenticatedRequest = Literal["deny", "allow", "authenticate"]
SessionTimeout = Annotated[Int64, Field(ge=1, le=604800)]
"""Seconds."""


class AuthenticateCognitoConfig(Part):
    """Users of a Cognito user pool."""

    user_pool_arn: str
    user_pool_client_id: Annotated[str, Field(alias="userPoolClientId")]
    user_pool_domain: str
    authentication_request_extra_params: ExtraParameters | None = None
    on_unauthenticated_request: OnUnauthenticatedRequest = "authenticate"
    scope: str = "openid"
    session_cookie_name: str = "AWSELBAuthSessionCookie"
    session_timeout: SessionTimeout = 604800


class OIDCSecret(Part):
    """The Secret, in the same namespace, with the client's id and secret."""

    name: str


class AuthenticateOIDCConfig(Part):
    """Users of an OIDC provider."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    user_info_endpoint: str
    secret: OIDCSecret
    authentication_request_extra_params: ExtraParameters | None = None
    on_unauthenticated_request: OnUnauthenticatedRequest = "authenticate"
    scope: str = "openid"
    session_cookie_name: str = "AWSELBAuthSessionCookie"
    session_timeout: SessionTimeout = 604800
    use_existing_client_secret: Bool | None = None


class FixedResponseConfig(Part):
    """An answer of the balancer's own: a status of 2xx, 4xx or 5xx."""

    status_code: Int32
    content_type: Literal["text/plain", "text/css", "text/html", "application/javascript", "application/json"] = (
        "text/plain"
    )
    message_body: str | None = None


class TargetGroupStickinessConfig(Part):
    """Whether a client stays with its target group, and for how many seconds."""

    enabled: Bool = False
    duration_seconds: Annotated[Int32, Field(ge=1, le=604800)] = 3600


class ForwardConfig(Part):
    """How requests are forwarded."""

    target_group_stickiness_config: TargetGroupStickinessConfig = TargetGroupStickinessConfig()


class JwtAdditionalClaim(Part):
    """A claim that a token must have."""

    name: Annotated[str, Field(min_length=1)]
    format: Literal["single-string", "string-array", "space-separated-values"]
    values: Annotated[tuple[Annotated[str, Field(max_length=256)], ...], Field(min_length=1, max_length=10)]


class JwtValidationConfig(Part):
    """Whose tokens are taken."""

    issuer: Annotated[str, Field(max_length=256)]
    jwks_endpoint: Annotated[str, Field(max_length=256)]
    additional_claims: tuple[JwtAdditionalClaim, ...] | None = None


class RedirectConfig(Part):
    """The query of a redirect, which Gateway API cannot say."""

    query: str = "#{query}"


class Action(Part):
    """One thing done: `type` says which, and the field of that name says how."""

    type: ActionType
    forward_config: ForwardConfig | None = None
    redirect_config: RedirectConfig | None = None
    fixed_response_config: FixedResponseConfig | None = None
    authenticate_cognito_config: AuthenticateCognitoConfig | None = None
    authenticate_oidc_config: AuthenticateOIDCConfig | None = None
    jwt_validation_config: JwtValidationConfig | None = None

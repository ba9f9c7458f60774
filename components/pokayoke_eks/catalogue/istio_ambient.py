"""Log 002: production EKS with Istio in ambient mode."""

from .failure import Failure, Level, Log, fits, seen, worded

_LOG = Log.ISTIO_AMBIENT

FAILURES = (
    Failure(
        slug="istio-gateway-chart-in-ambient",
        title="The old gateway chart beside ambient mode",
        symptoms=(
            *worded('Back-off pulling image "auto"'),
            *fits("Istio Ingress Gateway Deployment: 0/1 replicas", "LoadBalancer EXTERNAL-IP: pending"),
        ),
        cause="Istio's gateway chart belongs to sidecar mode; in ambient mode its schema fails and no pod comes up.",
        remedy="Make gateways as Gateway API resources.",
        held=(Level.SHAPE, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="lbc-iam-incomplete",
        title="The load balancer controller lacks permissions",
        symptoms=(
            *seen(
                '"msg": "Failed to auto-create backend SG"',
                '"logger": "backend-sg-provider"',
                "UnauthorizedOperation: <action> action not allowed",
            ),
            *seen("Failed to auto-create backend SG"),
            *worded(
                "is not authorized to perform: ec2:CreateSecurityGroup",
                "is not authorized to perform: ec2:AuthorizeSecurityGroupIngress",
                "is not authorized to perform: elasticloadbalancing:<action>",
            ),
            *fits("UnauthorizedOperation: You are not authorized to perform this operation", logged=False),
            *fits("Port <port>: Connection timed out"),
        ),
        cause="The controller's role may read but not write: it cannot make its security group.",
        remedy="Attach the whole upstream policy of the installed version.",
        held=(Level.SHAPE, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="stale-dns-record",
        title="A record points at a load balancer that is gone",
        symptoms=fits("Port <port>: Connection timed out"),
        cause="The record was kept by hand while the controller replaced the balancer.",
        remedy="Let ExternalDNS own the record; the hostname is part of the gateway.",
        held=(Level.SHAPE, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="alias-zone-mismatch",
        title="An alias carries the wrong hosted zone",
        symptoms=worded("but the alias target name does not lie within the target zone"),
        cause="The zone id of one type of balancer was typed in for another.",
        remedy="Take the zone id from the balancer itself.",
        held=(Level.SHAPE, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="nlb-tls-termination",
        title="HTTPS at the load balancer is set up by halves",
        symptoms=fits("SSL routines::wrong version number", logged=False),
        cause="Certificate, ports, TLS policy, scheme and backend protocol were set one by one, and one was missing.",
        remedy="State a listener as one value: certificate, ports, policy, scheme, target type and plain HTTP behind.",
        held=(Level.SHAPE, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="config-change-without-restart",
        title="Pods keep the old configuration",
        symptoms=fits("Synced"),
        cause="The ConfigMap or secret changed, the pod template did not, so nothing was restarted.",
        remedy="Refer to versioned config names, and carry a checksum of config, secrets and identity in the template.",
        held=(Level.SHAPE, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="gitops-project-whitelist",
        title="Argo CD may not create the kinds that applications use",
        cause="The project's whitelist lacks kinds whose CRDs the platform installs.",
        remedy="Derive the whitelist from the CRDs that the stack installs.",
        held=(Level.SHAPE, Level.POLICY),
        log=_LOG,
    ),
)

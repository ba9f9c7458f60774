"""Log 001: a self-managed cluster of fourteen nodes under Argo CD."""

from .failure import Failure, Level, Log, fits, seen, worded

_LOG = Log.SELF_MANAGED

FAILURES = (
    Failure(
        slug="network-policy-blocks-api-server",
        title="An egress policy cuts a controller off the API server",
        symptoms=(
            *seen(
                '"msg":"unable to create controller","controller":"<controller>"',
                "dial tcp <service address>:443: i/o timeout",
            ),
            *fits("CrashLoopBackOff"),
        ),
        cause="The policy allows namespaces, and the API server is in none: neither its service address nor the "
        "control plane's subnets were let through.",
        remedy="Build egress policies from what every pod needs: API server, DNS over UDP and TCP, the Pod Identity "
        "agent; then add the rest.",
        held=(Level.SHAPE, Level.POLICY, Level.ADMISSION),
        log=_LOG,
    ),
    Failure(
        slug="stale-vpc-id",
        title="A manifest names the id of a network that is gone",
        symptoms=fits("unable to resolve at least one subnet. Evaluated <count> subnets", logged=False),
        cause="An id of a VPC, subnet or security group was written down and outlived the network; the load balancer "
        "controller, say, is given the wrong VPC.",
        remedy="Take ids from the network object; write none outside the adapters for existing things.",
        held=(Level.SHAPE, Level.VALUE, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="webhook-not-ready",
        title="A webhook without its controller blocks every change",
        symptoms=(
            *seen('failed calling webhook "<webhook>":', "failed to call webhook:"),
            *worded('no endpoints available for service "<service>"'),
            *fits(
                "one or more objects failed to apply,",
                "reason: Internal error occurred:",
                'Post "https://<service>/<path>?timeout=<seconds>":',
                "dial tcp <address>: connect: connection refused",
                "OutOfSync/Missing",
            ),
            *fits('service "<service>" not found', logged=False),
        ),
        cause="The controller behind a fail-closed webhook is down while the webhook is registered, so the API server "
        "refuses whatever the webhook would judge.",
        remedy="Switch off the webhook for Services, and let what others judge wait until their release is ready.",
        held=(Level.SHAPE, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="applicationset-kustomize-images",
        title="An ApplicationSet lists images as objects",
        symptoms=(
            *seen(
                'spec.template.spec.source.kustomize.images[<index>] in body must be of type string: "object"',
            ),
            *fits('ApplicationSet.argoproj.io "<name>" is invalid:', 'Invalid value: "object":'),
        ),
        cause="Kustomize's own file takes objects there, Argo CD takes strings.",
        remedy="Write each image as one string, name=repository:tag.",
        held=(Level.VALUE, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="kustomize-parent-reference",
        title="Kustomize refuses a file outside its root",
        symptoms=(
            *seen("security; file is not in or below '<directory>'"),
            *worded("security; file '<file>' is not in or below '<directory>'"),
            *fits(
                "Failed to load target state:",
                "failed to generate manifest for source <index> of <count>:",
                "rpc error: code = Unknown desc = `kustomize build` failed exit status <code>:",
                "accumulating resources from '<path>':",
            ),
        ),
        cause="A kustomization lists a file that lies above its own directory.",
        remedy="Keep files at or below the root, or refer to a directory that has a kustomization of its own.",
        held=(Level.VALUE, Level.PREFLIGHT),
        log=_LOG,
    ),
    Failure(
        slug="registry-pull-secret-missing",
        title="Images of a private registry cannot be pulled",
        symptoms=(
            *seen(
                "failed to authorize: failed to fetch anonymous token:",
                "unexpected status from GET request: 401 Unauthorized",
                "unexpected status from HEAD request: 403 Forbidden",
            ),
            *fits(
                'Failed to pull image "<image>":',
                "failed to pull and unpack image: failed to resolve image:",
                "ImagePullBackOff",
            ),
        ),
        cause="The namespace has no pull secret, or its token may not read packages.",
        remedy="Pull through an ECR cache with the node's role; else give namespaces and service accounts the secret.",
        held=(Level.SHAPE, Level.VALUE, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="discontinued-image",
        title="An image that its publisher withdrew",
        symptoms=(
            *seen('Failed to pull image "docker.io/bitnami/<image>":'),
            *fits(
                "rpc error: failed to pull and unpack image:",
                "failed to resolve image: not found",
                "Init:ImagePullBackOff",
                "ImagePullBackOff",
            ),
        ),
        cause="Bitnami's Debian images ended on 2025-08-28, and charts still default to the dead tags.",
        remedy="Take another publisher's chart and image; RabbitMQ comes through its Cluster Operator.",
        held=(Level.VALUE, Level.POLICY, Level.ADMISSION),
        log=_LOG,
    ),
    Failure(
        slug="chart-image-swap",
        title="A chart runs another publisher's image",
        symptoms=fits("Init:CrashLoopBackOff", "CrashLoopBackOff"),
        cause="The chart's init scripts expect the image that they were written for, not an official one in its place.",
        remedy="Pin chart and image as a pair; override no image across publishers.",
        held=(Level.SHAPE, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="ci-workflow-invalid",
        title="The CI workflow is no valid YAML",
        symptoms=(
            *seen(
                "This workflow graph cannot be shown",
                "A graph will be generated the next time this workflow is run.",
                "yaml.scanner.ScannerError: while scanning a simple key",
            ),
            *fits('in "<file>", line <line>, column <column>', "could not find expected ':'"),
        ),
        cause="A multi-line script inside the workflow was not indented with it.",
        remedy="Call tested scripts from the steps, and parse the workflow in the tests.",
        held=(Level.DESIGN,),
        log=_LOG,
    ),
    Failure(
        slug="container-command-mismatch",
        title="The image's command does not find the program",
        symptoms=(
            *seen('ERROR: Error loading ASGI app. Could not import module "<module>".'),
            *fits("CrashLoopBackOff"),
        ),
        cause="The command in the image does not match the layout of its files.",
        remedy="State the command with the workload, and let the rollout fail fast with the container's last words.",
        held=(Level.ROLLOUT,),
        log=_LOG,
    ),
    Failure(
        slug="vpc-delete-blocked",
        title="The VPC cannot be deleted",
        symptoms=(
            *seen("VPC has dependencies and cannot be deleted"),
            *worded(
                "DependencyViolation: The vpc '<id>' has dependencies and cannot be deleted",
                "The vpc '<id>' has dependencies and cannot be deleted",
                "The subnet '<id>' has dependencies and cannot be deleted",
                "Network <id> has some mapped public address(es)",
            ),
        ),
        cause="Load balancers, security groups and addresses that controllers made in the cluster outlived it, so that "
        "destroy hangs at the VPC, or fails.",
        remedy="Delete what makes load balancers first, while its controller still runs; then drain nodes; sweep "
        "leftovers by the cluster's tag.",
        held=(Level.TEARDOWN, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="ansible-import-conflict",
        title="Two layers of orchestration contradict each other",
        symptoms=(*seen("conflicting action statements: hosts, tasks"), *fits("Origin: <file>:<line>:<column>")),
        cause="A playbook was included where tasks belong.",
        remedy="One program in one language; there is no second layer.",
        held=(Level.SHAPE, Level.DESIGN),
        log=_LOG,
    ),
    Failure(
        slug="deployment-waves",
        title="Things are deployed before what they need",
        symptoms=fits('namespaces "<namespace>" not found', logged=False),
        cause="A fixed list of waves stood in for real dependencies and contradicted itself: namespaces were missing.",
        remedy="Let dependencies be edges of the program's graph.",
        held=(Level.SHAPE, Level.DESIGN),
        log=_LOG,
    ),
    Failure(
        slug="gitops-two-owners",
        title="Two writers own one object",
        symptoms=fits("OutOfSync"),
        cause="Argo CD's self-heal brings back what an operator deleted, and gives up after a few bounded retries.",
        remedy="Controllers belong to the program, applications to Argo CD; its project denies the platform's kinds.",
        held=(Level.SHAPE, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="manual-change-drift",
        title="Changes were made past the program",
        cause="Repairs by kubectl and the console left the cluster unlike its program.",
        remedy="Run the drift check on a schedule, and let admission keep hands off the platform's objects.",
        held=(Level.ADMISSION, Level.DESIGN),
        log=_LOG,
    ),
)

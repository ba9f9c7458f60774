"""Log 003: applications and data stores on EKS, built with CDK."""

from .failure import Failure, Level, Log, fits, seen

_LOG = Log.CDK

FAILURES = (
    Failure(
        slug="db-instance-class-prefix",
        title="A database class with its prefix twice",
        symptoms=seen("Invalid DB Instance class: db.db.<class>"),
        cause="The library adds `db.` to a class that carried it already.",
        remedy="Write the class once, with or without the prefix: it is normalised.",
        held=(Level.VALUE, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="image-architecture-mismatch",
        title="An image of another architecture than the node",
        symptoms=seen("exec format error"),
        cause="An ARM64 image was scheduled onto x86-64 nodes, or the other way round.",
        remedy="State the image's architectures: the workload selects nodes that match, and some pool offers them.",
        held=(Level.SHAPE, Level.POLICY, Level.PREFLIGHT),
        log=_LOG,
    ),
    Failure(
        slug="mutable-image-tag",
        title="Nodes run an old image under the same tag",
        cause="A tag was used again, and nodes that have it cached do not pull.",
        remedy="Name images by digest or by a tag used once; make repository tags immutable.",
        held=(Level.VALUE, Level.POLICY, Level.ADMISSION),
        log=_LOG,
    ),
    Failure(
        slug="empty-secret",
        title="A secret is empty, or is no secret",
        symptoms=seen("JwtStrategy requires a secret or key"),
        cause="Keys were empty text inside a ConfigMap, and passwords stood on command lines.",
        remedy="Keep secrets in Secrets Manager and sync them; generated key pairs are never empty.",
        held=(Level.VALUE, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="migration-missing",
        title="The database has no tables",
        symptoms=seen("Table '<table>' doesn't exist"),
        cause="No migration ran: the runtime image holds no sources to migrate with, and sync at start loses the race.",
        remedy="Declare a migration Job with its own image and command; the workload starts after it.",
        held=(Level.SHAPE,),
        log=_LOG,
    ),
    Failure(
        slug="probe-path-missing",
        title="A probe asks for a path that the application lacks",
        symptoms=(*seen("statusCode: 404, message: 'Cannot GET <path>'"), *fits("Cannot GET <path>")),
        cause="The probe's path was assumed, so Kubernetes restarts a healthy container.",
        remedy="State the probe: HTTP with a path, TCP or gRPC; readiness may ask data stores, liveness never.",
        held=(Level.VALUE, Level.ROLLOUT),
        log=_LOG,
    ),
    Failure(
        slug="datastore-security-group-mismatch",
        title="Nodes are not let into the data store",
        symptoms=seen("[ioredis] Unhandled error event: Error: connect ETIMEDOUT"),
        cause="The data store admits a security group that the nodes do not have, so that connections to Redis or the "
        "database time out.",
        remedy="Admit the cluster's own security group, by reference; never the whole VPC.",
        held=(Level.SHAPE, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="kafka-advertised-address",
        title="Kafka brokers advertise no usable address",
        symptoms=seen(
            "broker replied that the controller broker is <broker>, "
            "but did not reply with that broker in the broker list"
        ),
        cause="No advertised address was set, so clients are sent to one that they cannot reach.",
        remedy="Derive the advertised address from the names of service and broker.",
        held=(Level.SHAPE, Level.VALUE, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="crd-not-installed",
        title="A custom resource comes before its definition",
        symptoms=seen('no matches for kind "<kind>" in version "<version>"'),
        cause="Nothing in the cluster has installed the CRD yet.",
        remedy="Give the resource the handle of what installs its CRD, so that it waits for it.",
        held=(Level.SHAPE, Level.POLICY),
        log=_LOG,
    ),
)

"""Log 000: EKS with Karpenter and Aurora DSQL in two regions."""

from .failure import Failure, Level, Log, fits, seen, worded

_LOG = Log.KARPENTER_DSQL

FAILURES = (
    Failure(
        slug="pod-identity-namespace-mismatch",
        title="A controller's pods get no credentials",
        symptoms=(
            *seen("panic: operation error ec2imds: GetRegion, canceled, context deadline exceeded"),
            *worded("unable to determine region from IMDS", "ec2 api connectivity check failed"),
            *fits("CrashLoopBackOff"),
        ),
        cause="The Pod Identity association is missing, names another namespace or service account than the pods use, "
        "was made after the pods, or the agent add-on is not installed. Without injected credentials the SDK asks the "
        "instance metadata service, which pods cannot reach.",
        remedy="Take namespace, service account, role and association from one value, install eks-pod-identity-agent "
        "before it, pass the region explicitly, and restart pods that are older than their association.",
        held=(Level.SHAPE, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="unresolved-placeholder",
        title="A placeholder reached the cluster unfilled",
        symptoms=(
            *seen('"error":"no subnets found"'),
            *worded("SubnetSelector did not match any Subnets"),
            *fits("Pending"),
        ),
        cause="A manifest was applied by hand in which a template's placeholder (${cluster_name}) was not replaced, so "
        "that its selector or tag selects nothing.",
        remedy="Write the value itself, or let the component write it: selectors come from the cluster object.",
        held=(Level.SHAPE, Level.VALUE, Level.POLICY, Level.ADMISSION),
        log=_LOG,
    ),
    Failure(
        slug="unbounded-instance-size",
        title="Karpenter brings larger machines than meant",
        cause="The pool's requirements leave the size open: an open range, or more sizes than anybody wanted, so that "
        "a t4g.xlarge comes for a t4g.medium.",
        remedy="List instance types, or families with exact CPU counts, and set the pool's limits.",
        held=(Level.VALUE, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="unattended-operation",
        title="Runs stop and wait for somebody",
        symptoms=fits("Initializing"),
        cause="Every apply and destroy asked for confirmation, and readiness was read from EC2's status checks, which "
        "lag behind nodes that already run pods.",
        remedy="Use one command per environment with --yes, and judge readiness by Kubernetes.",
        held=(Level.DESIGN,),
        log=_LOG,
    ),
    Failure(
        slug="missing-resource-limits",
        title="Containers without requests and limits",
        symptoms=seen("No resource limits specified for this container"),
        cause="Nothing states what a container needs, so the scheduler and Karpenter count zero for it.",
        remedy="State requests and limits, equal for memory at least; platform workloads take one value for both.",
        held=(Level.SHAPE, Level.POLICY, Level.ADMISSION),
        log=_LOG,
    ),
    Failure(
        slug="extended-support",
        title="The cluster is billed for extended support",
        symptoms=fits("EXTENDED", "support_type"),
        cause="The upgrade policy was left out, and its default lets a cluster slide into paid extended support; or "
        "the Kubernetes version is past its standard support already.",
        remedy="Set upgradePolicy.supportType to STANDARD and take a Kubernetes version in standard support.",
        held=(Level.SHAPE, Level.VALUE, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="public-registry-credentials",
        title="Helm cannot store credentials that it does not need",
        symptoms=(
            *seen(
                'Error: could not login to OCI registry "<registry>": error storing credentials - '
                "err: exit status <code>"
            ),
            *worded(
                'GET "https://public.ecr.aws/<path>": response status code 403: denied: Your authorization token has '
                "expired. Reauthenticate and try again.",
            ),
        ),
        cause="Credentials were given for a public registry, and the operator's credential helper failed to keep them; "
        "or they were of another day, and what anybody gets who brings none was refused.",
        remedy="Give none: public charts are pulled anonymously, with an empty registry config of our own.",
        held=(Level.SHAPE, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="ami-architecture-mismatch",
        title="The image type does not fit the instance type",
        symptoms=seen(
            "InvalidParameterException: [<instance type>] is not a valid instance type for requested amiType <ami type>"
        ),
        cause="An ARM64 instance type was paired with an x86-64 AMI type, or the other way round.",
        remedy="Derive the AMI type from the instance types, and keep one architecture a group.",
        held=(Level.SHAPE, Level.VALUE, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="duplicate-node-role",
        title="Two owners of one role or access entry",
        symptoms=(
            *seen("EntityAlreadyExists"),
            *worded("The specified access entry resource is already in use on this cluster."),
            *fits("ResourceInUseException"),
        ),
        cause="Two parts of a program each create the node role, its access entry or an association; EKS also makes "
        "entries by itself, for managed node groups and for the cluster's creator.",
        remedy="Let one part own it and hand it to the others; switch off the creator's implicit entry.",
        held=(Level.SHAPE, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="untyped-helm-values",
        title="Chart values break in the YAML text",
        symptoms=seen("did not find expected '-' indicator"),
        cause="Values were written as text, and a wrong indentation moved a key into another block.",
        remedy="Give values as typed models; unknown keys are refused.",
        held=(Level.SHAPE, Level.DESIGN),
        log=_LOG,
    ),
    Failure(
        slug="registry-not-empty",
        title="An image repository cannot be deleted",
        symptoms=(
            *seen("RepositoryNotEmpty"),
            *worded(
                "RepositoryNotEmptyException",
                "ECR Repository (<repository>) not empty, consider using force_delete",
            ),
        ),
        cause="The ECR repository still holds images, and forced deletion is off, so that destroy fails.",
        remedy="Let the environment's lifecycle decide: disposable ones delete their images with the repository.",
        held=(Level.SHAPE, Level.POLICY, Level.TEARDOWN),
        log=_LOG,
    ),
    Failure(
        slug="state-bucket-not-empty",
        title="A bucket cannot be deleted",
        symptoms=(
            *seen("BucketNotEmpty"),
            *worded("The bucket you tried to delete is not empty"),
            *fits("prevent_destroy"),
        ),
        cause="The bucket still holds objects or versions, or protection was baked into the program.",
        remedy="Keep the state bucket in its bootstrap stack, emptied only by an explicit word; other buckets follow "
        "the environment's lifecycle.",
        held=(Level.SHAPE, Level.POLICY, Level.TEARDOWN),
        log=_LOG,
    ),
    Failure(
        slug="environment-isolation",
        title="Environments share state or names",
        cause="Dev and prod are deployed from one state, or claim the same physical names.",
        remedy="One stack an environment, with its own state path, names and lock.",
        held=(Level.DESIGN,),
        log=_LOG,
    ),
    Failure(
        slug="dependency-cycle",
        title="The resource graph has a cycle",
        symptoms=seen("Error: Cycle:"),
        cause="The module that makes the EKS cluster also held Helm releases whose provider needs that cluster.",
        remedy="Build in layers that point one way: network, cluster, identity, controllers, nodes, edge, workloads.",
        held=(Level.SHAPE, Level.DESIGN),
        log=_LOG,
    ),
    Failure(
        slug="dsql-delete-deadlock",
        title="Peered DSQL clusters wait for each other for ever",
        symptoms=(*fits("Pending Delete"), *fits("PENDING_DELETE", logged=False)),
        cause="One region's cluster depended on its peer's, so the second delete never began, and neither can finish "
        "alone.",
        remedy="Let peers depend on nothing of each other, and delete both at the same time.",
        held=(Level.SHAPE, Level.POLICY, Level.TEARDOWN),
        log=_LOG,
    ),
)

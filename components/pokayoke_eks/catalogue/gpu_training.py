"""Log 004: GPU training on EKS."""

from .failure import Failure, Level, Log, fits, seen, worded

_LOG = Log.GPU_TRAINING
_NO_NODE = fits("Not Initialized")
_NOT_JOINED = (*_NO_NODE, *fits("Node not registered with cluster", logged=False))
"""Of a machine whose kubelet never reaches the API server, as its NodeClaim says."""
_NO_NETWORK = (*_NO_NODE, *fits("cni plugin not initialized", logged=False))
"""Of a node whose network does not come up, as the kubelet says."""
_CNI_NOT_PULLED = worded('Back-off pulling image "<registry>amazon-k8s-cni')

FAILURES = (
    Failure(
        slug="security-group-selector",
        title="Nodes come up without the cluster's security group",
        symptoms=(*worded("SecurityGroupSelector did not match any SecurityGroups"), *fits("NotReady", logged=False)),
        cause="Karpenter selects groups by a tag that the cluster's security group does not carry.",
        remedy="Select the EKS-made cluster security group by id.",
        held=(Level.SHAPE, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="in-tree-load-balancer",
        title="A load balancer without the controller",
        symptoms=fits("Not applicable", "LoadBalancer EXTERNAL-IP: pending"),
        cause="A Service of type LoadBalancer fell to the in-tree code, whose Classic balancer finds no healthy target "
        "or gets no credentials at all.",
        remedy="State the load balancer class, and install the controller and eks-pod-identity-agent before.",
        held=(Level.SHAPE, Level.POLICY, Level.ADMISSION),
        log=_LOG,
    ),
    Failure(
        slug="leftover-node-role",
        title="An earlier cluster's roles are in the way",
        symptoms=seen("EntityAlreadyExists"),
        cause="Names collide with roles and instance profiles that an earlier cluster left behind.",
        remedy="Use names of this cluster and region, and an instance profile that the stack owns; sweep leftovers.",
        held=(Level.SHAPE, Level.PREFLIGHT, Level.TEARDOWN),
        log=_LOG,
    ),
    Failure(
        slug="subnet-ip-exhaustion",
        title="Subnets run out of addresses",
        symptoms=(
            *worded("InsufficientFreeAddressesInSubnet", "failed to assign an IP address to container"),
            *_NO_NETWORK,
        ),
        cause="The subnets are too small for the pods that nodes may carry, so the CNI gets no address.",
        remedy="Take a larger range: subnets are sized against the pools' pods, in /28 blocks.",
        held=(Level.VALUE, Level.POLICY, Level.PREFLIGHT),
        log=_LOG,
    ),
    Failure(
        slug="control-plane-ports-blocked",
        title="Nodes and control plane cannot talk",
        symptoms=_NOT_JOINED,
        cause="Ports 443 or 10250 are closed between them.",
        remedy="Use the cluster's own security group, which lets its members talk.",
        held=(Level.SHAPE, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="no-egress",
        title="Nodes have no way out",
        symptoms=(*_NOT_JOINED, *_CNI_NOT_PULLED),
        cause="A private subnet has no NAT gateway, so the kubelet reaches neither the API server nor registries.",
        remedy="Give every private subnet a route to a NAT gateway; endpoints may stand beside it.",
        held=(Level.SHAPE, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="node-role-policies-missing",
        title="The node role lacks its policies",
        symptoms=(
            *_CNI_NOT_PULLED,
            *worded(
                "<registry>.amazonaws.com/<manifest>: no basic auth credentials",
                "Failed to call ec2:DescribeNetworkInterfaces",
            ),
            *_NOT_JOINED,
            *_NO_NETWORK[1:],
        ),
        cause="The worker node, CNI or registry policy is not attached.",
        remedy="Attach the worker node and registry policies, and the CNI's to the node or to the CNI's own role.",
        held=(Level.SHAPE, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="controller-permission-missing",
        title="Karpenter lacks permissions",
        symptoms=(
            *worded(
                "Controller isn't authorized to call <action>",
                "is not authorized to perform: ssm:GetParameter",
                "is not authorized to perform: ec2:CreateFleet",
                "is not authorized to perform: ec2:RunInstances",
            ),
            *fits("UnauthorizedOperation: You are not authorized to perform this operation", logged=False),
            *_NO_NODE,
        ),
        cause="The controller's role misses actions that its version calls, such as reading AMI parameters.",
        remedy="Attach the whole upstream policy of the installed version.",
        held=(Level.SHAPE,),
        log=_LOG,
    ),
    Failure(
        slug="startup-taint-deadlock",
        title="A taint keeps off what would remove it",
        symptoms=(
            *worded('StartupTaint "<taint>" still exists'),
            *_NO_NETWORK,
            *fits("karpenter.sh/not-ready", "node.cloudprovider.kubernetes.io/uninitialized"),
            *fits("karpenter.sh/unregistered", logged=False),
        ),
        cause="A needed DaemonSet does not tolerate the pool's taints, or nothing removes a startup taint.",
        remedy="Let every platform DaemonSet tolerate every pool's taints; use a startup taint only with its remover.",
        held=(Level.VALUE, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="ami-version-skew",
        title="Node image and cluster are of different versions",
        symptoms=(*worded("AMISelector did not match any AMIs"), *_NOT_JOINED),
        cause="An old AMI, or an add-on of another minor, was pinned beside a newer cluster.",
        remedy="Pin the release explicitly, one that has an image for the cluster's version, and move it on purpose.",
        held=(Level.VALUE, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="user-data-invalid",
        title="The kubelet never joins",
        symptoms=(*worded("invalid UserData"), *_NOT_JOINED),
        cause="The user data does not parse, so the node starts unconfigured.",
        remedy="Give settings as typed values; a library writes them as TOML.",
        held=(Level.VALUE, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="subnet-tags-missing",
        title="Karpenter finds no subnets",
        symptoms=(
            *seen('"error":"no subnets found"'),
            *worded("SubnetSelector did not match any Subnets"),
            *fits("unable to resolve at least one subnet. Evaluated <count> subnets", logged=False),
            *_NO_NODE,
        ),
        cause="Subnets are selected by a tag that they do not carry.",
        remedy="Select subnets by id; the tags are set too, from the same value.",
        held=(Level.SHAPE, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="incompatible-requirements",
        title="No pool can bring a node for the pod",
        symptoms=(*seen("incompatible requirements"), *worded("no instance type satisfied its requirements")),
        cause="A pod's selector, tolerations or requests match no NodePool's requirements and instance types.",
        remedy="Let every workload be satisfiable by the instance types of some pool.",
        held=(Level.VALUE, Level.POLICY),
        log=_LOG,
    ),
    Failure(
        slug="efa-not-identified",
        title="EFA devices are not offered to pods",
        symptoms=(*fits("vpc.amazonaws.com"), *fits("vpc.amazonaws.com/efa", logged=False)),
        cause="Instance family, placement and device plugins were set apart from one another.",
        remedy="Make an EFA pool as one value: families, placement, device plugins and the resource together.",
        held=(Level.SHAPE, Level.POLICY),
        log=_LOG,
    ),
)

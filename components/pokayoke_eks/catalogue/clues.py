"""What tells failures apart that show the same text or state: what to look at next, and what it then says."""

CLUES: dict[str, str] = {
    "pod-identity-namespace-mismatch": "Read the container's log: a panic at IMDS, and no "
    "AWS_CONTAINER_CREDENTIALS_FULL_URI in `kubectl get pod -o yaml`; then compare "
    "`aws eks list-pod-identity-associations` with the pod's namespace.",
    "network-policy-blocks-api-server": "Read the container's log: `i/o timeout` to port 443 of the service address; "
    "then `kubectl get networkpolicy -A` for one that selects the pod.",
    "chart-image-swap": "Read the init container's log, and compare the image's publisher with the chart's.",
    "container-command-mismatch": "Read the container's log: the program that the command names is not found.",
    "unresolved-placeholder": "`kubectl get ec2nodeclass -o yaml`: a selector or tag holds `${` or `{{`.",
    "subnet-tags-missing": "`kubectl get ec2nodeclass -o yaml`: the selector is whole, and no subnet carries its tag "
    "(`aws ec2 describe-subnets --filters`).",
    "duplicate-node-role": "Two parts of the program make the name in the same run; the role is as old as the stack.",
    "leftover-node-role": "`aws iam get-role`: the role is older than the stack, from a cluster that is gone.",
    "registry-pull-secret-missing": "`kubectl describe pod`: the event ends in 401 or 403, so the image may be there.",
    "discontinued-image": "`kubectl describe pod`: the event ends in `not found`, the image is of docker.io/bitnami.",
    "stale-vpc-id": "Compare the VPC that the controller is told (`helm get values`) with `aws eks describe-cluster`.",
    "webhook-not-ready": "`kubectl get endpointslices` of the webhook's Service: no pod is ready behind it.",
    "gitops-two-owners": "The object's `metadata.managedFields`: Argo CD and somebody else write the same fields.",
    "istio-gateway-chart-in-ambient": "`helm list -A`: a release of the chart `gateway` beside ztunnel, its Deployment "
    "at 0 replicas.",
    "in-tree-load-balancer": "The Service has no `loadBalancerClass`, or no controller runs: "
    "`kubectl -n kube-system get deployment aws-load-balancer-controller`.",
    "lbc-iam-incomplete": "The load balancer controller's log: `UnauthorizedOperation`, or `Failed to auto-create "
    "backend SG`.",
    "stale-dns-record": "Compare `dig` of the host with the Gateway's or Service's status: the record names another "
    "balancer.",
    "security-group-selector": "`aws ec2 describe-instances`: the machine lacks the cluster security group of "
    "`aws eks describe-cluster`.",
    "subnet-ip-exhaustion": "`kubectl -n kube-system describe pod` of the node's aws-node, and "
    "AvailableIpAddressCount in `aws ec2 describe-subnets`.",
    "control-plane-ports-blocked": "`aws ec2 describe-security-groups` of the node and the control plane, and the "
    "subnets' network ACLs: ports 443 and 10250 between them.",
    "no-egress": "`aws ec2 describe-route-tables` of the node's subnet: no default route to a NAT gateway.",
    "node-role-policies-missing": "`aws iam list-attached-role-policies` of the node's role: the worker node, registry "
    "and CNI policies.",
    "controller-permission-missing": "`kubectl -n karpenter logs` of the controller: AccessDenied or "
    "UnauthorizedOperation with the action.",
    "startup-taint-deadlock": "`kubectl describe node`: a taint stays that aws-node or kube-proxy does not tolerate, "
    "or that nothing removes.",
    "ami-version-skew": "`kubectl get node -o wide`: the kubelet's version and image against the control plane's.",
    "user-data-invalid": "`aws ec2 get-console-output` of the machine: the boot stops at its user data.",
}

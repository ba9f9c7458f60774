"""What tells failures apart that show the same, in the language of the teams that wrote the logs."""

CLUES: dict[str, str] = {
    "pod-identity-namespace-mismatch": "컨테이너 로그를 읽는다: IMDS에서 panic이 나고, `kubectl get pod -o yaml`에 "
    "AWS_CONTAINER_CREDENTIALS_FULL_URI가 없다. 그다음 `aws eks list-pod-identity-associations`를 Pod의 "
    "네임스페이스와 비교한다.",
    "network-policy-blocks-api-server": "컨테이너 로그를 읽는다: 서비스 주소의 443 포트에 `i/o timeout`. 그다음 "
    "`kubectl get networkpolicy -A`에서 그 Pod를 선택하는 정책을 찾는다.",
    "chart-image-swap": "init 컨테이너의 로그를 읽고, 이미지의 배포자와 Chart의 배포자를 비교한다.",
    "container-command-mismatch": "컨테이너 로그를 읽는다: 명령이 가리키는 프로그램을 찾지 못한다.",
    "unresolved-placeholder": "`kubectl get ec2nodeclass -o yaml`: 셀렉터나 태그에 `${` 또는 `{{`가 있다.",
    "subnet-tags-missing": "`kubectl get ec2nodeclass -o yaml`: 셀렉터는 온전하지만 그 태그를 가진 서브넷이 "
    "없다(`aws ec2 describe-subnets --filters`).",
    "duplicate-node-role": "프로그램의 두 부분이 같은 실행에서 그 이름을 만든다. Role의 나이가 스택과 같다.",
    "leftover-node-role": "`aws iam get-role`: Role이 스택보다 오래되었고, 사라진 클러스터의 것이다.",
    "registry-pull-secret-missing": "`kubectl describe pod`: 이벤트가 401 또는 403으로 끝난다. 이미지는 있을 수 있다.",
    "discontinued-image": "`kubectl describe pod`: 이벤트가 `not found`로 끝나고, 이미지가 docker.io/bitnami의 것이다.",
    "stale-vpc-id": "컨트롤러가 받은 VPC(`helm get values`)를 `aws eks describe-cluster`의 VPC와 비교한다.",
    "webhook-not-ready": "Webhook의 Service에 대한 `kubectl get endpointslices`: 뒤에 준비된 Pod가 없다.",
    "gitops-two-owners": "객체의 `metadata.managedFields`: Argo CD와 다른 주체가 같은 필드를 쓴다.",
    "istio-gateway-chart-in-ambient": "`helm list -A`: ztunnel 옆에 `gateway` Chart의 release가 있고, 그 "
    "Deployment의 replica가 0이다.",
    "in-tree-load-balancer": "Service에 `loadBalancerClass`가 없거나 컨트롤러가 없다: `kubectl -n kube-system get "
    "deployment aws-load-balancer-controller`.",
    "lbc-iam-incomplete": "로드밸런서 컨트롤러의 로그: `UnauthorizedOperation` 또는 `Failed to auto-create backend "
    "SG`.",
    "stale-dns-record": "호스트의 `dig` 결과를 Gateway나 Service의 status와 비교한다: 레코드가 다른 로드밸런서를 "
    "가리킨다.",
    "security-group-selector": "`aws ec2 describe-instances`: 인스턴스에 `aws eks describe-cluster`의 클러스터 보안 "
    "그룹이 없다.",
    "subnet-ip-exhaustion": "그 노드의 aws-node에 대한 `kubectl -n kube-system describe pod`와, `aws ec2 "
    "describe-subnets`의 AvailableIpAddressCount.",
    "control-plane-ports-blocked": "노드와 Control Plane에 대한 `aws ec2 describe-security-groups`, 그리고 서브넷의 "
    "네트워크 ACL: 둘 사이의 443과 10250 포트.",
    "no-egress": "노드의 서브넷에 대한 `aws ec2 describe-route-tables`: NAT 게이트웨이로 가는 기본 경로가 없다.",
    "node-role-policies-missing": "노드 Role에 대한 `aws iam list-attached-role-policies`: worker node, 레지스트리, "
    "CNI 정책.",
    "controller-permission-missing": "컨트롤러의 `kubectl -n karpenter logs`: 동작 이름과 함께 AccessDenied 또는 "
    "UnauthorizedOperation.",
    "startup-taint-deadlock": "`kubectl describe node`: aws-node나 kube-proxy가 허용하지 않거나 아무도 제거하지 않는 "
    "테인트가 남아 있다.",
    "ami-version-skew": "`kubectl get node -o wide`: kubelet의 버전과 이미지를 Control Plane의 버전과 비교한다.",
    "user-data-invalid": "인스턴스의 `aws ec2 get-console-output`: 부팅이 UserData에서 멈춘다.",
}

"""Titles and symptoms in the language of the teams that wrote the logs: slug to title and symptom."""

TEXTS: dict[str, tuple[str, str]] = {
    "pod-identity-namespace-mismatch": (
        "컨트롤러 Pod에 자격 증명이 주입되지 않음",
        "Karpenter 배포 후 Pod 상태가 CrashLoopBackOff로 지속되며, 로그에 IMDS 접근 실패 오류가 발생한다.",
    ),
    "unresolved-placeholder": (
        "템플릿 변수가 치환되지 않은 채 클러스터에 적용됨",
        "Pod가 Pending 상태로 유지되고, Karpenter 로그에 서브넷을 찾을 수 없다는 에러가 발생한다.",
    ),
    "unbounded-instance-size": (
        "의도보다 큰 인스턴스가 생성됨",
        "Karpenter가 예상보다 큰 인스턴스를 프로비저닝한다.",
    ),
    "unattended-operation": (
        "실행이 멈추고 사람의 확인을 기다림",
        "배포와 삭제마다 확인을 묻고, Pod는 정상 실행 중이나 콘솔의 EC2 상태는 여전히 Initializing으로 표시된다.",
    ),
    "missing-resource-limits": (
        "컨테이너에 리소스 제한이 없음",
        "IDE나 배포 도구에서 리소스 제한 미설정 경고가 발생하고, 다른 프로세스에 장애를 줄 수 있다.",
    ),
    "extended-support": (
        "클러스터에 연장 지원 비용이 청구됨",
        "EKS 클러스터가 EXTENDED Support 모드로 설정되어 시간당 추가 비용이 발생한다.",
    ),
    "public-registry-credentials": (
        "필요 없는 자격 증명을 Helm이 저장하지 못함",
        "Helm Chart 설치 단계에서 public.ecr.aws 로그인 실패 오류가 발생한다.",
    ),
    "ami-architecture-mismatch": (
        "AMI 타입이 인스턴스 타입의 아키텍처와 맞지 않음",
        "EKS Managed Node Group 생성에 실패한다.",
    ),
    "duplicate-node-role": (
        "한 Role 또는 Access Entry를 두 곳에서 생성함",
        "IAM Role 충돌과 Access Entry 충돌: 두 모듈이 같은 리소스를 중복 생성한다.",
    ),
    "untyped-helm-values": (
        "Helm Values의 YAML 들여쓰기가 깨짐",
        "YAML 파싱 에러가 발생한다. 들여쓰기가 잘못되어 한 블록이 다른 리스트 안에 포함되었다.",
    ),
    "registry-not-empty": (
        "이미지가 남아 ECR 리포지토리를 삭제할 수 없음",
        "삭제 시 ECR 리포지토리에 이미지가 남아있어 삭제에 실패한다.",
    ),
    "state-bucket-not-empty": (
        "비어 있지 않은 S3 버킷을 삭제할 수 없음",
        "State를 저장하는 S3 버킷 삭제에 실패하거나, prevent_destroy로 인한 삭제 계획 생성이 실패한다.",
    ),
    "environment-isolation": (
        "환경 사이에 State나 이름이 공유됨",
        "dev와 prod가 한 State에서 배포되거나 같은 물리적 이름을 쓴다.",
    ),
    "dependency-cycle": (
        "리소스 그래프에 순환 종속성이 있음",
        "순환 종속성(Cycle) 오류가 발생한다.",
    ),
    "dsql-delete-deadlock": (
        "두 리전의 DSQL 삭제가 서로를 기다림",
        "한 리전의 DSQL이 먼저 삭제되고 다른 리전의 DSQL은 Pending Delete 상태로 무한 대기한다.",
    ),
    "network-policy-blocks-api-server": (
        "Egress 정책이 컨트롤러와 API 서버의 통신을 차단함",
        "AWS Load Balancer Controller가 API 서버에 연결하지 못하고 CrashLoopBackOff를 반복한다.",
    ),
    "stale-vpc-id": (
        "이전 VPC의 ID가 하드코딩되어 있음",
        "설정에는 이전 VPC의 ID가 있고 실제 VPC는 다르다.",
    ),
    "webhook-not-ready": (
        "컨트롤러 없는 Webhook이 모든 변경을 차단함",
        "MutatingWebhook 실패: Webhook 호출의 연결이 거부되어 Service를 생성할 수 없고, Application이 OutOfSync이다.",
    ),
    "applicationset-kustomize-images": (
        "ApplicationSet의 kustomize.images에 객체를 사용함",
        "ApplicationSet 생성에 실패하고 그 Application들이 생성되지 않는다.",
    ),
    "kustomize-parent-reference": (
        "Kustomize가 상위 디렉토리의 파일을 거부함",
        "Application이 Unknown 상태가 되고 namespace가 생성되지 않는다.",
    ),
    "registry-pull-secret-missing": (
        "Private 레지스트리의 이미지를 Pull할 권한이 없음",
        "Pod가 ImagePullBackOff에 머문다. Secret이 없거나 토큰에 read:packages 권한이 없다.",
    ),
    "discontinued-image": (
        "배포자가 중단한 이미지를 사용함",
        "Bitnami의 Debian 기반 이미지가 중단되어 찾을 수 없고, Pod가 Init:ImagePullBackOff에 머문다.",
    ),
    "chart-image-swap": (
        "Chart가 다른 배포자의 이미지를 실행함",
        "Chart의 init script가 이미지와 호환되지 않아 Init:CrashLoopBackOff로 재시작을 반복한다.",
    ),
    "ci-workflow-invalid": (
        "CI 워크플로우 파일이 올바른 YAML이 아님",
        "모든 CI가 실행조차 안 되고 0초 만에 실패한다(워크플로우 파일 파싱 실패).",
    ),
    "container-command-mismatch": (
        "이미지의 실행 명령이 파일 구조와 맞지 않음",
        "컨테이너가 모듈을 찾지 못하고 CrashLoopBackOff를 반복한다.",
    ),
    "vpc-delete-blocked": (
        "VPC를 삭제할 수 없음",
        "ALB와 Target Group, Security Group, Elastic IP가 남아 VPC 삭제가 차단된다.",
    ),
    "ansible-import-conflict": (
        "두 오케스트레이션 계층이 서로 모순됨",
        "import_tasks로 호출되는 파일에 hosts가 있어 문법이 충돌한다.",
    ),
    "deployment-waves": (
        "필요한 것보다 먼저 배포됨",
        "namespace가 생성되지 않아 Application들을 배포할 수 없다. Wave 순서가 실제 의존성을 대신했다.",
    ),
    "gitops-two-owners": (
        "한 객체를 두 주체가 관리함",
        "삭제한 Webhook이 계속 재생성됨(ArgoCD selfHeal). 재시도가 모두 실패하면 OutOfSync로 고착된다.",
    ),
    "manual-change-drift": (
        "프로그램 밖에서 수동으로 변경됨",
        "kubectl과 콘솔로 수동 적용한 변경 때문에 클러스터가 코드와 달라진다.",
    ),
    "istio-gateway-chart-in-ambient": (
        "Ambient 모드에서 이전 Istio Gateway Chart를 사용함",
        "Ambient 모드에서 스키마 오류가 발생하고, Grafana, Prometheus, Kiali 등 모니터링 URL에 접근이 불가하다.",
    ),
    "lbc-iam-incomplete": (
        "AWS Load Balancer Controller의 IAM 권한이 부족함",
        "Security Group 관리 권한이 누락되어 443 포트의 연결이 시간 초과된다.",
    ),
    "stale-dns-record": (
        "Route53 레코드가 삭제된 로드밸런서를 가리킴",
        "IAM 권한을 수정한 후에도 HTTPS가 여전히 timeout이다. NLB가 재생성되어 DNS 주소가 변경되었다.",
    ),
    "alias-zone-mismatch": (
        "Alias 레코드의 Hosted Zone ID가 로드밸런서와 맞지 않음",
        "NLB의 레코드에 ALB/CLB용 Hosted Zone ID를 직접 입력하였다.",
    ),
    "nlb-tls-termination": (
        "NLB의 HTTPS 설정이 일부 빠짐",
        "ACM 인증서를 사용하여 NLB에서 HTTPS를 적용하려 했으나 TLS 설정이 완전하지 않다.",
    ),
    "config-change-without-restart": (
        "설정이 변경되어도 Pod가 재시작되지 않음",
        "ArgoCD에서 Synced 상태이고 ConfigMap은 업데이트되었지만, "
        "Pod는 여전히 이전 환경변수(이전 값)로 실행 중이고 재시작되지 않는다.",
    ),
    "gitops-project-whitelist": (
        "ArgoCD 프로젝트가 Application이 쓰는 종류를 허용하지 않음",
        "Gateway API 리소스를 ArgoCD 프로젝트의 whitelist에 추가해야 했다.",
    ),
    "db-instance-class-prefix": (
        "DB 인스턴스 클래스에 db. 접두사가 두 번 붙음",
        "배포 시 잘못된 DB 인스턴스 클래스라는 오류가 발생한다.",
    ),
    "image-architecture-mismatch": (
        "이미지와 노드의 아키텍처가 다름",
        "ARM64 이미지를 AMD64 노드에서 실행하여 Pod 시작 시 오류가 발생한다.",
    ),
    "mutable-image-tag": (
        "같은 태그로 이전 이미지가 실행됨",
        "imagePullPolicy가 IfNotPresent로 설정되어 있으면 노드는 새 이미지 대신 기존 캐시된 이미지를 사용한다.",
    ),
    "empty-secret": (
        "Secret이 비어 있거나 ConfigMap에 있음",
        "애플리케이션 시작 시 JWT 키 미설정 오류가 발생한다. 키 값이 ConfigMap에서 빈 문자열이다.",
    ),
    "migration-missing": (
        "데이터베이스에 테이블이 없음",
        "애플리케이션 시작 시 테이블 없음 오류가 발생한다. 마이그레이션이 실행되지 않았다.",
    ),
    "probe-path-missing": (
        "Probe가 애플리케이션에 없는 경로를 요청함",
        "Pod가 계속 재시작된다. 애플리케이션에 해당 Health Check 엔드포인트가 없다.",
    ),
    "datastore-security-group-mismatch": (
        "데이터 저장소의 Security Group이 노드를 허용하지 않음",
        "애플리케이션에서 Redis 연결이 시간 초과로 실패한다.",
    ),
    "kafka-advertised-address": (
        "Kafka 브로커가 사용할 수 있는 주소를 알리지 않음",
        "Kafka 연결 시 브로커를 찾을 수 없다.",
    ),
    "crd-not-installed": (
        "CRD가 클러스터에 설치되어 있지 않음",
        "모니터링 리소스의 생성이 실패한다. 핵심 리소스는 정상 생성된다.",
    ),
    "security-group-selector": (
        "노드가 클러스터의 보안 그룹 없이 생성됨",
        "보안 그룹 태그가 없어 노드가 NotReady에 빠진다.",
    ),
    "in-tree-load-balancer": (
        "컨트롤러 없이 로드밸런서가 생성됨",
        "타겟의 Health 상태가 Not applicable로 유지되고, POD Identity 방식에서는 아예 동작하지 않는다.",
    ),
    "leftover-node-role": (
        "이전 클러스터의 노드 Role이 남아 있음",
        "카펜터 설치 실패: 이전 KarpenterNodeRole과 인스턴스 프로파일이 지워지지 않고 남아 있어서 발생한다.",
    ),
    "subnet-ip-exhaustion": (
        "서브넷의 IP가 부족함",
        "서브넷에 사용 가능한 IP가 부족하여 aws-node 파드가 실행되지 못하고 노드가 초기화되지 않는다.",
    ),
    "control-plane-ports-blocked": (
        "노드와 Control Plane 사이의 포트가 막힘",
        "443 또는 10250 포트가 막혀 있어 kubelet이 API 서버와 통신하지 못하고 노드가 초기화 단계에서 멈춘다.",
    ),
    "no-egress": (
        "노드에서 인터넷으로 나가는 경로가 없음",
        "Private Subnet에 NAT Gateway가 없어 kubelet이 EKS API 서버나 컨테이너 레지스트리에 접속하지 못한다.",
    ),
    "node-role-policies-missing": (
        "노드 Role에 필수 정책이 누락됨",
        "노드 역할에 AmazonEKSWorkerNodePolicy, AmazonEKS_CNI_Policy, AmazonEC2ContainerRegistryReadOnly "
        "등의 권한이 없어 노드가 초기화되지 않는다.",
    ),
    "controller-permission-missing": (
        "Karpenter 컨트롤러의 권한이 부족함",
        "ssm:GetParameter 권한 등이 부족하여 노드가 부팅된 후 설정을 가져오지 못한다.",
    ),
    "startup-taint-deadlock": (
        "테인트가 그것을 제거할 파드까지 막음",
        "kube-proxy나 aws-node 같은 시스템 데몬셋이 테인트 때문에 스케줄링되지 못해 노드가 영원히 초기화되지 않는다.",
    ),
    "ami-version-skew": (
        "노드 AMI와 클러스터의 버전이 다름",
        "EKS 버전과 호환되지 않는 이전 버전의 AMI를 강제로 지정하여 노드가 초기화되지 않는다.",
    ),
    "user-data-invalid": (
        "UserData가 잘못되어 kubelet이 합류하지 못함",
        "UserData 문법 오류 또는 부팅 스크립트 오류로 kubelet 설정이 완료되지 않는다.",
    ),
    "subnet-tags-missing": (
        "Karpenter가 서브넷을 찾지 못함",
        "서브넷에 태그가 없거나 subnetSelector가 서브넷을 찾지 못해 노드가 기형적으로 생성된다.",
    ),
    "incompatible-requirements": (
        "파드에 맞는 노드를 만들 수 있는 풀이 없음",
        "Karpenter가 파드를 배치할 적절한 노드 사양을 결정하지 못한다.",
    ),
    "efa-not-identified": (
        "EFA 장치가 파드에 제공되지 않음",
        "플러그인이 EFA 하드웨어를 찾지 못해 vpc.amazonaws.com 리소스를 노드에 할당하지 않는다.",
    ),
}

"""Causes and remedies, and what is missing, in the language of the teams that wrote the logs."""

REMEDIES: dict[str, tuple[str, str]] = {
    "pod-identity-namespace-mismatch": (
        "Pod Identity Association이 없거나, Pod와 다른 네임스페이스 또는 서비스 어카운트를 가리키거나, Pod보다 늦게 "
        "생성되었거나, 에이전트 애드온이 없다. 자격 증명이 주입되지 않으면 SDK는 Pod에서 접근할 수 없는 IMDS를 "
        "찾는다.",
        "네임스페이스, 서비스 어카운트, Role, Association을 한 값에서 가져오고, eks-pod-identity-agent를 먼저 "
        "설치하고, 리전을 명시한다. Association보다 먼저 뜬 Pod는 재시작한다.",
    ),
    "unresolved-placeholder": (
        "템플릿 변수(${cluster_name})가 치환되지 않은 매니페스트를 손으로 적용하여 셀렉터나 태그가 아무것도 선택하지 "
        "못한다.",
        "값을 직접 쓰거나 컴포넌트가 쓰게 한다. 셀렉터는 클러스터 객체에서 나온다.",
    ),
    "unbounded-instance-size": (
        "NodePool의 요구 조건이 크기를 열어 두었다. 범위가 열려 있거나 원하지 않은 크기까지 허용하여 "
        "카펜터(Karpenter)가 너무 큰 인스턴스를 띄운다.",
        "인스턴스 타입을 나열하거나 패밀리와 정확한 CPU 수를 쓰고, 풀의 limits를 설정한다.",
    ),
    "unattended-operation": (
        "apply와 destroy마다 확인을 물었고, 준비 상태를 EC2 상태 검사로 판단했다. 상태 검사는 이미 Pod가 실행 중인 "
        "노드보다 늦다.",
        "환경마다 한 명령을 --yes로 실행하고, 준비 상태는 Kubernetes로 판단한다.",
    ),
    "missing-resource-limits": (
        "컨테이너에 필요한 양이 적혀 있지 않아 스케줄러와 Karpenter가 0으로 계산한다.",
        "requests와 limits를 쓰고, 적어도 메모리는 같게 한다. 플랫폼의 워크로드는 둘을 한 값으로 받는다.",
    ),
    "extended-support": (
        "upgrade policy를 생략하면 기본값이 유료 연장 지원으로 넘어가게 한다. 또는 Kubernetes 버전의 표준 지원이 "
        "이미 끝났다.",
        "upgradePolicy.supportType을 STANDARD로 설정하고 표준 지원 중인 Kubernetes 버전을 쓴다.",
    ),
    "public-registry-credentials": (
        "공개 레지스트리에 자격 증명을 주었고, 실행한 사람의 credential helper가 저장하지 못했다.",
        "자격 증명을 주지 않는다. 공개 Chart는 빈 레지스트리 설정으로 익명으로 받는다.",
    ),
    "ami-architecture-mismatch": (
        "ARM64 인스턴스 타입에 x86-64 AMI 타입을, 또는 그 반대로 짝지었다.",
        "AMI 타입을 인스턴스 타입에서 정하고, 노드 그룹마다 한 아키텍처만 쓴다.",
    ),
    "duplicate-node-role": (
        "프로그램의 두 부분이 같은 노드 Role, Access Entry 또는 Association을 각각 생성한다. EKS도 관리형 노드 "
        "그룹과 클러스터 생성자의 Access Entry를 스스로 만든다.",
        "한 곳에서만 소유하고 나머지는 넘겨받게 한다. 생성자의 암묵적 Access Entry는 끈다.",
    ),
    "untyped-helm-values": (
        "Values를 텍스트로 작성하여 잘못된 들여쓰기가 키를 다른 블록으로 옮겼다.",
        "Values를 타입이 있는 모델로 준다. 모르는 키는 거부된다.",
    ),
    "registry-not-empty": (
        "리포지토리에 아직 이미지가 있고 강제 삭제가 꺼져 있어 destroy가 실패한다.",
        "환경의 lifecycle이 결정하게 한다. disposable 환경은 이미지까지 함께 삭제한다.",
    ),
    "state-bucket-not-empty": (
        "버킷에 아직 객체나 버전이 있거나, 보호 설정이 프로그램에 박혀 있다.",
        "State 버킷은 bootstrap 스택에 두고 명시적으로 말할 때만 비운다. 다른 버킷은 환경의 lifecycle을 따른다.",
    ),
    "environment-isolation": (
        "dev와 prod를 한 State에서 배포하거나 같은 물리적 이름을 쓴다.",
        "환경마다 스택 하나를 두고 State 경로, 이름, 잠금을 따로 갖게 한다.",
    ),
    "dependency-cycle": (
        "EKS 클러스터를 만드는 모듈이, 그 클러스터가 있어야 하는 Provider의 Helm release까지 가지고 있었다.",
        "한 방향의 계층으로 만든다: 네트워크, 클러스터, 자격 증명, 컨트롤러, 노드, edge, 워크로드.",
    ),
    "dsql-delete-deadlock": (
        "한 리전의 클러스터가 상대 리전의 클러스터에 의존하여 두 번째 삭제가 시작되지 못했고, 어느 쪽도 혼자 끝날 수 "
        "없다.",
        "서로 아무 의존도 두지 않고 두 리전을 동시에 삭제한다.",
    ),
    "network-policy-blocks-api-server": (
        "정책이 네임스페이스만 허용했고 API 서버는 어느 네임스페이스에도 없다. 서비스 주소도 Control Plane 서브넷도 "
        "허용되지 않았다.",
        "모든 Pod에 필요한 것부터 Egress 정책을 만든다: API 서버, UDP와 TCP의 DNS, Pod Identity 에이전트. 그다음 "
        "나머지를 더한다.",
    ),
    "stale-vpc-id": (
        "VPC, 서브넷, 보안 그룹의 ID를 적어 두었고 그 네트워크가 사라졌다. 예를 들어 로드밸런서 컨트롤러가 잘못된 "
        "VPC를 받는다.",
        "ID는 네트워크 객체에서 가져온다. 기존 리소스를 받는 곳 외에는 적지 않는다.",
    ),
    "webhook-not-ready": (
        "failurePolicy가 Fail인 Webhook이 등록되어 있는데 그 컨트롤러가 내려가 있어, API 서버가 Webhook이 볼 요청을 "
        "모두 거부한다.",
        "Service용 Webhook을 끄고, 다른 Webhook이 볼 객체는 그 release가 준비될 때까지 기다리게 한다.",
    ),
    "applicationset-kustomize-images": (
        "Kustomize의 파일은 객체를 받지만 Argo CD는 문자열을 받는다.",
        "이미지마다 한 문자열로 쓴다: 이름=리포지토리:태그.",
    ),
    "kustomize-parent-reference": (
        "kustomization이 자기 디렉토리보다 위에 있는 파일을 나열한다.",
        "파일을 루트 아래에 두거나, 자기 kustomization이 있는 디렉토리를 참조한다.",
    ),
    "registry-pull-secret-missing": (
        "네임스페이스에 pull secret이 없거나 토큰에 패키지 읽기 권한이 없다.",
        "노드 Role로 ECR 캐시를 통해 받는다. 아니면 네임스페이스와 서비스 어카운트에 secret을 준다.",
    ),
    "discontinued-image": (
        "Bitnami의 Debian 이미지는 2025-08-28에 끝났고, Chart의 기본값은 아직 없어진 태그이다.",
        "다른 배포자의 Chart와 이미지를 쓴다. RabbitMQ는 Cluster Operator로 설치한다.",
    ),
    "chart-image-swap": (
        "Chart의 init script는 함께 만들어진 이미지를 기대한다. 공식 이미지로 바꾸면 실패한다.",
        "Chart와 이미지를 한 쌍으로 고정하고, 다른 배포자의 이미지로 바꾸지 않는다.",
    ),
    "ci-workflow-invalid": (
        "워크플로우 안의 여러 줄 스크립트가 들여쓰기되지 않았다.",
        "단계에서는 테스트된 스크립트를 호출하고, 워크플로우 파일을 테스트에서 파싱한다.",
    ),
    "container-command-mismatch": (
        "이미지의 실행 명령이 파일 배치와 맞지 않는다.",
        "워크로드에 명령을 쓰고, 컨테이너의 마지막 출력을 보이며 빨리 실패하게 한다.",
    ),
    "vpc-delete-blocked": (
        "클러스터 안의 컨트롤러가 만든 로드밸런서, 보안 그룹, 주소가 클러스터보다 오래 남아 VPC에서 destroy가 "
        "멈추거나 실패한다.",
        "로드밸런서를 만드는 객체를 그 컨트롤러가 실행 중일 때 먼저 삭제하고, 그다음 노드를 비운다. 남은 것은 "
        "클러스터 태그로 찾아 지운다(sweep).",
    ),
    "ansible-import-conflict": (
        "task가 올 자리에 playbook을 포함했다.",
        "한 언어의 한 프로그램으로 한다. 두 번째 계층은 없다.",
    ),
    "deployment-waves": (
        "고정된 Wave 순서가 실제 의존성을 대신했고 스스로 모순되어 namespace가 없었다.",
        "의존성을 프로그램 그래프의 간선으로 둔다.",
    ),
    "gitops-two-owners": (
        "Argo CD의 selfHeal이 사람이 삭제한 것을 되살리고, 정해진 횟수의 재시도 뒤에는 포기한다.",
        "컨트롤러는 프로그램이, 애플리케이션은 Argo CD가 소유한다. Argo CD 프로젝트는 플랫폼의 종류를 거부한다.",
    ),
    "manual-change-drift": (
        "kubectl과 콘솔로 고친 결과 클러스터가 프로그램과 달라졌다.",
        "drift 검사를 주기적으로 실행하고, 플랫폼 객체는 admission이 손대지 못하게 한다.",
    ),
    "istio-gateway-chart-in-ambient": (
        "Istio의 gateway Chart는 sidecar 모드용이다. Ambient 모드에서는 스키마가 실패하고 Pod가 뜨지 않는다.",
        "Gateway를 Gateway API 리소스로 만든다.",
    ),
    "lbc-iam-incomplete": (
        "컨트롤러의 Role이 읽기만 할 수 있고 쓰지 못하여 보안 그룹을 만들지 못한다.",
        "설치한 버전의 공식 정책 전체를 연결한다.",
    ),
    "stale-dns-record": (
        "레코드를 손으로 관리하는 동안 컨트롤러가 로드밸런서를 교체했다.",
        "ExternalDNS가 레코드를 소유하게 한다. 호스트 이름은 Gateway의 일부이다.",
    ),
    "alias-zone-mismatch": (
        "한 종류의 로드밸런서의 Zone ID를 다른 종류에 입력했다.",
        "Zone ID를 로드밸런서에서 직접 가져온다.",
    ),
    "nlb-tls-termination": (
        "인증서, 포트, TLS 정책, scheme, backend protocol을 하나씩 설정했고 하나가 빠졌다.",
        "리스너를 한 값으로 쓴다: 인증서, 포트, 정책, scheme, target type, 그리고 뒤쪽의 평문 HTTP.",
    ),
    "config-change-without-restart": (
        "ConfigMap이나 Secret은 바뀌었지만 Pod 템플릿은 그대로라 아무것도 재시작되지 않았다.",
        "버전이 있는 설정 이름을 참조하고, 템플릿에 설정과 Secret, 자격 증명의 checksum을 담는다.",
    ),
    "gitops-project-whitelist": (
        "플랫폼이 설치한 CRD의 종류가 프로젝트의 whitelist에 없다.",
        "whitelist를 스택이 설치하는 CRD에서 만든다.",
    ),
    "db-instance-class-prefix": (
        "이미 `db.`가 붙은 클래스에 라이브러리가 `db.`를 더한다.",
        "클래스를 한 번만, 접두사가 있든 없든 쓴다. 정규화된다.",
    ),
    "image-architecture-mismatch": (
        "ARM64 이미지가 x86-64 노드에, 또는 그 반대로 스케줄링되었다.",
        "이미지의 아키텍처를 쓴다. 워크로드가 맞는 노드를 선택하고, 그런 노드를 주는 풀이 있어야 한다.",
    ),
    "mutable-image-tag": (
        "같은 태그를 다시 썼고, 캐시된 이미지가 있는 노드는 새로 받지 않는다.",
        "이미지를 digest나 한 번만 쓰는 태그로 부르고, 리포지토리의 태그를 변경 불가로 한다.",
    ),
    "empty-secret": (
        "키가 ConfigMap 안의 빈 텍스트였고, 비밀번호가 명령줄에 있었다.",
        "Secret은 Secrets Manager에 두고 동기화한다. 생성한 키 쌍은 비어 있지 않다.",
    ),
    "migration-missing": (
        "마이그레이션이 실행되지 않았다. 런타임 이미지에는 마이그레이션할 소스가 없고, 시작할 때의 동기화는 첫 "
        "쿼리보다 늦다.",
        "자기 이미지와 명령을 가진 마이그레이션 Job을 선언하고, 워크로드는 그 뒤에 시작한다.",
    ),
    "probe-path-missing": (
        "Probe의 경로를 짐작으로 써서 Kubernetes가 건강한 컨테이너를 재시작한다.",
        "Probe를 명시한다: 경로가 있는 HTTP, TCP, 또는 gRPC. readiness는 데이터 저장소를 물어도 되지만 liveness는 안 "
        "된다.",
    ),
    "datastore-security-group-mismatch": (
        "데이터 저장소가 노드에 없는 보안 그룹을 허용하여 Redis나 데이터베이스의 연결이 시간 초과된다.",
        "클러스터 자신의 보안 그룹을 참조로 허용한다. VPC 전체를 허용하지 않는다.",
    ),
    "kafka-advertised-address": (
        "advertised address가 설정되지 않아 클라이언트가 닿을 수 없는 주소로 안내된다.",
        "advertised address를 서비스와 브로커의 이름에서 만든다.",
    ),
    "crd-not-installed": (
        "클러스터에 아직 아무도 CRD를 설치하지 않았다.",
        "CRD를 설치하는 것의 핸들을 리소스에 주어 기다리게 한다.",
    ),
    "security-group-selector": (
        "Karpenter가 태그로 보안 그룹을 선택하는데 클러스터의 보안 그룹에 그 태그가 없다.",
        "EKS가 만든 클러스터 보안 그룹을 ID로 선택한다.",
    ),
    "in-tree-load-balancer": (
        "LoadBalancer 타입의 Service가 in-tree 코드로 넘어갔다. 그 Classic 로드밸런서는 정상 타겟을 찾지 못하거나 "
        "자격 증명을 얻지 못한다.",
        "로드밸런서 클래스를 쓰고, 컨트롤러와 eks-pod-identity-agent를 먼저 설치한다.",
    ),
    "leftover-node-role": (
        "이전 클러스터가 남긴 Role과 인스턴스 프로파일의 이름과 충돌한다.",
        "이 클러스터와 리전의 이름을 쓰고, 스택이 소유하는 인스턴스 프로파일을 쓴다. 남은 것은 sweep으로 지운다.",
    ),
    "subnet-ip-exhaustion": (
        "노드가 실을 수 있는 Pod에 비해 서브넷이 작아 CNI가 주소를 얻지 못한다.",
        "더 큰 범위를 쓴다. 서브넷은 풀의 Pod 수에 맞춰 /28 블록 단위로 계산한다.",
    ),
    "control-plane-ports-blocked": (
        "노드와 Control Plane 사이의 443 또는 10250 포트가 닫혀 있다.",
        "구성원끼리 통신을 허용하는 클러스터 자신의 보안 그룹을 쓴다.",
    ),
    "no-egress": (
        "Private 서브넷에 NAT 게이트웨이가 없어 노드의 kubelet이 API 서버에도 레지스트리에도 닿지 못하고, 노드가 "
        "조인하지 못한다.",
        "모든 Private 서브넷에 NAT 게이트웨이로 가는 경로를 준다. 엔드포인트는 함께 둘 수 있다.",
    ),
    "node-role-policies-missing": (
        "worker node, CNI, 또는 레지스트리 정책이 노드 Role에 연결되지 않았다.",
        "worker node와 레지스트리 정책을 연결하고, CNI 정책은 노드나 CNI 자신의 Role에 연결한다.",
    ),
    "controller-permission-missing": (
        "컨트롤러의 Role에 그 버전이 호출하는 동작이 없다. 예를 들어 AMI 파라미터를 읽지 못한다.",
        "설치한 버전의 공식 정책 전체를 연결한다.",
    ),
    "startup-taint-deadlock": (
        "필요한 DaemonSet이 풀의 테인트를 허용하지 않거나, startup taint를 제거하는 것이 없다.",
        "플랫폼의 모든 DaemonSet이 모든 풀의 테인트를 허용하게 한다. startup taint는 제거하는 것과 함께만 쓴다.",
    ),
    "ami-version-skew": (
        "새 클러스터 옆에 이전 AMI나 다른 마이너 버전의 애드온을 고정했다.",
        "클러스터 버전의 이미지가 있는 릴리스를 명시적으로 고정하고, 옮길 때는 의도해서 옮긴다.",
    ),
    "user-data-invalid": (
        "UserData가 파싱되지 않아 노드가 설정 없이 시작한다.",
        "설정을 타입이 있는 값으로 준다. 라이브러리가 TOML로 쓴다.",
    ),
    "subnet-tags-missing": (
        "서브넷에 없는 태그로 서브넷을 선택한다.",
        "서브넷을 ID로 선택한다. 태그도 같은 값에서 붙인다.",
    ),
    "incompatible-requirements": (
        "Pod의 셀렉터, toleration, requests가 어느 NodePool의 요구 조건과 인스턴스 타입에도 맞지 않는다.",
        "모든 워크로드를 어떤 풀의 인스턴스 타입이 만족할 수 있게 한다.",
    ),
    "efa-not-identified": (
        "인스턴스 패밀리, 배치, 장치 플러그인을 따로따로 설정했다.",
        "EFA 풀을 한 값으로 만든다: 패밀리, 배치, 장치 플러그인, 리소스를 함께.",
    ),
}

MISSING: dict[str, str] = {
    "applicationset-kustomize-images": "ApplicationSet의 모델이 없다.",
    "kustomize-parent-reference": "적용 전에 kustomization을 읽는 것이 없다.",
    "registry-pull-secret-missing": "pull-through 캐시도, 네임스페이스의 pull secret도 없다.",
    "discontinued-image": "거부할 이미지와 Chart의 목록이 값에 없다.",
    "chart-image-swap": "이미지와 함께 고정된 플랫폼의 Chart가 없다.",
    "container-command-mismatch": "rollout을 기다리며 컨테이너의 마지막 출력을 알리는 워크로드가 없다.",
    "deployment-waves": "네임스페이스와 애플리케이션이 그래프의 일부가 아니다.",
    "gitops-two-owners": "플랫폼의 종류를 거부하는 Argo CD 프로젝트가 없다.",
    "gitops-project-whitelist": "설치한 CRD에서 whitelist가 나오는 Argo CD 프로젝트가 없다.",
    "config-change-without-restart": "버전이 있는 설정을 참조하는 워크로드가 없다.",
    "db-instance-class-prefix": "데이터베이스 인스턴스의 컴포넌트가 없다.",
    "image-architecture-mismatch": "이미지의 아키텍처를 쓰는 워크로드가 없다.",
    "mutable-image-tag": "플랫폼의 리포지토리는 변경 불가이지만 워크로드의 이미지를 받는 컴포넌트가 없다.",
    "empty-secret": "Secret의 컴포넌트가 없다.",
    "migration-missing": "마이그레이션을 선언하는 워크로드가 없다.",
    "probe-path-missing": "Probe를 명시하는 워크로드가 없다.",
    "datastore-security-group-mismatch": "VPC 안 데이터 저장소의 컴포넌트가 없다.",
    "kafka-advertised-address": "브로커의 컴포넌트가 없다.",
    "efa-not-identified": "장치 플러그인이 함께 오는 EFA 인스턴스 풀이 없다.",
}

"""What holds each failure, by the name of the real thing, and what is missing where nothing does yet.

A dotted name leads to a class, function or module; a policy goes by its name, which is the slug. What is held by design
has tests that show why nothing can be its beginning, by their ids: a file's path, `::`, the test.
"""

from collections.abc import Mapping

from .failure import Level

_BY_DESIGN = "tests/components/test_by_design.py"
_WORKFLOWS = "tests/packaging/test_workflows.py"

HOLDERS: dict[str, Mapping[Level, tuple[str, ...]]] = {
    "pod-identity-namespace-mismatch": {
        Level.SHAPE: (
            "pokayoke_eks.WorkloadIdentity",
            "pokayoke_eks.helm.release_with_identity",
            "pokayoke_eks.waiting.association_visible",
        ),
        Level.POLICY: ("pod-identity-namespace-mismatch",),
    },
    "unresolved-placeholder": {
        Level.SHAPE: ("pokayoke_eks.Karpenter", "pokayoke_eks.NodePools"),
        Level.VALUE: ("pokayoke_eks.config.fields.text", "pokayoke_eks.rules.text.unresolved_placeholder"),
        Level.POLICY: ("unresolved-placeholder",),
        Level.ADMISSION: ("pokayoke_eks.Guardrails", "pokayoke_eks.rules.admission.placeholders"),
    },
    "unbounded-instance-size": {
        Level.VALUE: (
            "pokayoke_eks.config.checks.pools.types_are_stated",
            "pokayoke_eks.rules.pools.sizes_unsaid",
            "pokayoke_eks.Limits",
        ),
        Level.POLICY: ("unbounded-instance-size",),
    },
    "unattended-operation": {
        Level.DESIGN: (
            "pokayoke_eks.waiting.Waiting",
            "pokayoke_eks.helm.release",
            "pokayoke.rehearse.run",
            f"{_BY_DESIGN}::test_nothing_asks_but_the_one_command_that_removes_and_it_takes_yes_for_an_answer",
            f"{_BY_DESIGN}::test_every_run_of_pulumi_that_is_ours_has_nobody_to_ask",
            f"{_BY_DESIGN}::test_what_runs_in_the_cluster_is_ready_when_kubernetes_says_so",
        ),
    },
    "missing-resource-limits": {
        Level.SHAPE: ("pokayoke_eks.helm.Resources",),
        Level.POLICY: ("missing-resource-limits",),
        Level.ADMISSION: ("pokayoke_eks.Guardrails", "pokayoke_eks.rules.admission.workloads"),
    },
    "extended-support": {
        Level.SHAPE: ("pokayoke_eks.Cluster",),
        Level.VALUE: (
            "pokayoke_eks.config.checks.cluster.version_is_in_standard_support",
            "pokayoke_eks.rules.kubernetes_versions.outside_standard_support",
        ),
        Level.POLICY: ("extended-support",),
    },
    "public-registry-credentials": {
        Level.SHAPE: ("pokayoke_eks.helm.release", "pokayoke_eks.helm_registry"),
        Level.POLICY: ("public-registry-credentials",),
    },
    "ami-architecture-mismatch": {
        Level.SHAPE: ("pokayoke_eks.Cluster", "pokayoke_eks.NodePools"),
        Level.VALUE: (
            "pokayoke_eks.config.checks.pools.types_are_of_one_architecture",
            "pokayoke_eks.rules.architectures.mixed",
        ),
        Level.POLICY: ("ami-architecture-mismatch",),
    },
    "duplicate-node-role": {
        Level.SHAPE: ("pokayoke_eks.Cluster", "pokayoke_eks.karpenter.nodes.NodeIdentity"),
        Level.POLICY: ("duplicate-node-role",),
    },
    "untyped-helm-values": {
        Level.SHAPE: ("pokayoke_eks.helm.Values",),
        Level.DESIGN: (
            f"{_BY_DESIGN}::test_text_is_no_chart_s_values",
            f"{_BY_DESIGN}::test_no_release_of_either_environment_takes_yaml_text",
            "tests/components/test_what_cannot_be_said.py::"
            "test_every_model_of_values_refuses_what_it_does_not_know_and_never_changes",
        ),
    },
    "registry-not-empty": {
        Level.SHAPE: ("pokayoke_eks.Registry",),
        Level.POLICY: ("registry-not-empty",),
        Level.TEARDOWN: ("pokayoke_eks.config.fields.Lifecycle",),
    },
    "state-bucket-not-empty": {
        Level.SHAPE: ("pokayoke_eks.StateBackend", "pokayoke_eks.rules.states.wrong_word"),
        Level.POLICY: ("state-bucket-not-empty",),
        Level.TEARDOWN: ("pokayoke_eks.config.fields.Lifecycle",),
    },
    "environment-isolation": {
        Level.DESIGN: (
            "pokayoke_eks.StateBackend",
            "pokayoke_eks.config.checks.state.each_environment_is_named_once",
            "pokayoke_eks.rules.names.PhysicalName",
            "pokayoke.preflight.identity.account",
            "tests/components/test_infra.py::test_dev_and_prod_and_prod_s_regions_share_no_name_of_an_account",
            "tests/components/test_infra.py::test_an_environment_s_ranges_meet_no_other_s",
            "tests/components/test_state_backend.py::test_each_environment_has_a_folder_and_secrets_of_its_own",
            "tests/components/test_state_backend.py::"
            "test_who_deploys_one_environment_reads_neither_states_nor_secrets_of_another",
        ),
    },
    "dependency-cycle": {
        Level.SHAPE: ("pokayoke_eks.handles.ClusterHandle", "pokayoke_eks.handles.NetworkHandle"),
        Level.DESIGN: (
            "tests/components/test_what_cannot_be_said.py::test_no_layer_knows_what_is_built_on_it",
            "tests/components/test_failures_by_shape.py::test_the_layers_lead_one_way",
        ),
    },
    "dsql-delete-deadlock": {
        Level.SHAPE: ("pokayoke_eks.MultiRegionDsql",),
        Level.POLICY: ("dsql-delete-deadlock",),
        Level.TEARDOWN: ("pokayoke_eks.MultiRegionDsql",),
    },
    "network-policy-blocks-api-server": {
        Level.SHAPE: ("pokayoke_eks.NetworkPolicies", "pokayoke_eks.rules.network_policies.cut_off"),
        Level.POLICY: ("network-policy-blocks-api-server",),
        Level.ADMISSION: ("pokayoke_eks.Guardrails", "pokayoke_eks.rules.admission.network_policies"),
    },
    "stale-vpc-id": {
        Level.SHAPE: ("pokayoke_eks.Network", "pokayoke_eks.Cluster"),
        Level.VALUE: ("pokayoke_eks.rules.text.literal_id",),
        Level.POLICY: ("stale-vpc-id",),
    },
    "webhook-not-ready": {
        Level.SHAPE: ("pokayoke_eks.LoadBalancerController", "pokayoke_eks.PublicGateway"),
        Level.POLICY: ("webhook-not-ready",),
    },
    "ansible-import-conflict": {
        Level.SHAPE: ("pokayoke_eks.PlatformConfig",),
        Level.DESIGN: (
            f"{_BY_DESIGN}::test_both_environments_are_made_by_resources_alone_and_none_of_them_runs_another_tool",
            f"{_BY_DESIGN}::test_no_part_of_a_config_takes_the_tasks_of_a_second_layer",
        ),
    },
    "vpc-delete-blocked": {
        Level.TEARDOWN: ("pokayoke_eks.waiting.nothing_left", "pokayoke.sweep.command.sweep"),
        Level.POLICY: ("vpc-delete-blocked",),
    },
    "manual-change-drift": {
        Level.DESIGN: (
            "pokayoke.drift.drift",
            "tests/operations/test_drift.py::test_what_was_changed_is_a_table_and_exit_code_1",
            "tests/rehearsal/life/test_drift_rehearsed.py::test_a_change_by_hand_is_found",
            "tests/rehearsal/life/test_drift_rehearsed.py::test_the_next_up_repairs_it_and_nothing_else",
        ),
        Level.ADMISSION: ("pokayoke_eks.Guardrails", "pokayoke_eks.rules.admission.drift"),
    },
    "ci-workflow-invalid": {
        Level.DESIGN: (
            f"{_WORKFLOWS}::test_every_workflow_is_one_by_github_s_schema",
            f"{_WORKFLOWS}::test_a_heredoc_that_is_not_indented_is_no_workflow",
            f"{_WORKFLOWS}::test_a_heredoc_that_is_indented_is_seen_all_the_same",
            f"{_WORKFLOWS}::test_a_step_calls_one_command_and_is_given_nothing_that_somebody_else_wrote",
        ),
    },
    "istio-gateway-chart-in-ambient": {
        Level.SHAPE: ("pokayoke_eks.IstioAmbient", "pokayoke_eks.PublicGateway"),
        Level.POLICY: ("istio-gateway-chart-in-ambient",),
    },
    "lbc-iam-incomplete": {
        Level.SHAPE: ("pokayoke_eks.LoadBalancerController", "pokayoke_eks.rules.load_balancer_actions.incomplete"),
        Level.POLICY: ("lbc-iam-incomplete",),
    },
    "stale-dns-record": {
        Level.SHAPE: ("pokayoke_eks.ExternalDns", "pokayoke_eks.waiting.records_gone"),
        Level.POLICY: ("stale-dns-record",),
    },
    "alias-zone-mismatch": {
        Level.SHAPE: ("pokayoke_eks.Dns", "pokayoke_eks.ExternalDns", "pokayoke_eks.rules.balancer_zones.wrong_zone"),
        Level.POLICY: ("alias-zone-mismatch",),
    },
    "nlb-tls-termination": {
        Level.SHAPE: (
            "pokayoke_eks.GatewayConfig",
            "pokayoke_eks.PublicGateway",
            "pokayoke_eks.rules.nlb_tls.objections",
        ),
        Level.POLICY: ("nlb-tls-termination",),
    },
    "crd-not-installed": {
        Level.SHAPE: ("pokayoke_eks.GatewayApi", "pokayoke_eks.gateway_api.installed.looked_at"),
        Level.POLICY: ("crd-not-installed",),
    },
    "security-group-selector": {
        Level.SHAPE: ("pokayoke_eks.Cluster", "pokayoke_eks.node_pools.manifests.node_class"),
        Level.POLICY: ("security-group-selector",),
    },
    "in-tree-load-balancer": {
        Level.SHAPE: ("pokayoke_eks.LoadBalancerController", "pokayoke_eks.rules.balancing.Controller"),
        Level.POLICY: ("in-tree-load-balancer",),
        Level.ADMISSION: ("pokayoke_eks.Guardrails", "pokayoke_eks.rules.admission.balancers"),
    },
    "leftover-node-role": {
        Level.SHAPE: ("pokayoke_eks.rules.names.role_name", "pokayoke_eks.karpenter.nodes.NodeIdentity"),
        Level.PREFLIGHT: ("pokayoke.preflight.names.leftovers", "pokayoke.preflight.names.roles"),
        Level.TEARDOWN: ("pokayoke.sweep.command.sweep",),
    },
    "subnet-ip-exhaustion": {
        Level.VALUE: (
            "pokayoke_eks.config.checks.pools.subnets_hold_the_pools",
            "pokayoke_eks.rules.pod_density.too_many_pods",
            "pokayoke_eks.rules.subnets.bad_vpc_range",
        ),
        Level.POLICY: ("subnet-ip-exhaustion",),
        Level.PREFLIGHT: ("pokayoke.preflight.quotas.free_addresses",),
    },
    "control-plane-ports-blocked": {
        Level.SHAPE: ("pokayoke_eks.Cluster", "pokayoke_eks.existing.cluster_findings.findings"),
        Level.POLICY: ("control-plane-ports-blocked",),
    },
    "no-egress": {
        Level.SHAPE: ("pokayoke_eks.Network", "pokayoke_eks.existing.network_findings.findings"),
        Level.POLICY: ("no-egress",),
    },
    "node-role-policies-missing": {
        Level.SHAPE: ("pokayoke_eks.Cluster", "pokayoke_eks.karpenter.nodes.NodeIdentity"),
        Level.POLICY: ("node-role-policies-missing",),
    },
    "controller-permission-missing": {
        Level.SHAPE: ("pokayoke_eks.Karpenter", "pokayoke_eks.iam.karpenter"),
    },
    "startup-taint-deadlock": {
        Level.VALUE: (
            "pokayoke_eks.config.checks.pools.labels_and_taints_are_free",
            "pokayoke_eks.rules.labels.restricted_taint",
            "pokayoke_eks.StartupTaint",
        ),
        Level.POLICY: ("startup-taint-deadlock",),
    },
    "ami-version-skew": {
        Level.VALUE: (
            "pokayoke_eks.config.checks.cluster.versions_fit_kubernetes",
            "pokayoke_eks.rules.releases.bottlerocket_without_variant",
            "pokayoke_eks.rules.releases.kube_proxy_of_another_minor",
        ),
        Level.POLICY: ("ami-version-skew",),
    },
    "user-data-invalid": {
        Level.VALUE: ("pokayoke_eks.node_pools.bottlerocket.BottlerocketSettings",),
        Level.POLICY: ("user-data-invalid",),
    },
    "subnet-tags-missing": {
        Level.SHAPE: (
            "pokayoke_eks.Network",
            "pokayoke_eks.node_pools.manifests.node_class",
            "pokayoke_eks.existing.network_findings.findings",
        ),
        Level.POLICY: ("subnet-tags-missing",),
    },
    "incompatible-requirements": {
        Level.VALUE: (
            "pokayoke_eks.config.checks.pools.nodes_can_come",
            "pokayoke_eks.config.checks.pools.pods_fit_the_nodes",
            "pokayoke_eks.rules.pools.size_without_type",
        ),
        Level.POLICY: ("incompatible-requirements",),
    },
    # Their components are still to come.
    "applicationset-kustomize-images": {Level.POLICY: ("applicationset-kustomize-images",)},
    "discontinued-image": {
        Level.POLICY: ("discontinued-image",),
        Level.ADMISSION: ("pokayoke_eks.Guardrails", "pokayoke_eks.rules.admission.images"),
    },
    "chart-image-swap": {Level.POLICY: ("chart-image-swap",)},
    "db-instance-class-prefix": {Level.POLICY: ("db-instance-class-prefix",)},
    "mutable-image-tag": {
        Level.POLICY: ("mutable-image-tag",),
        Level.ADMISSION: ("pokayoke_eks.Guardrails", "pokayoke_eks.rules.admission.images"),
    },
    "registry-pull-secret-missing": {Level.POLICY: ("registry-pull-secret-missing",)},
    "config-change-without-restart": {Level.POLICY: ("config-change-without-restart",)},
    "gitops-project-whitelist": {Level.POLICY: ("gitops-project-whitelist",)},
    "image-architecture-mismatch": {Level.POLICY: ("image-architecture-mismatch",)},
    "efa-not-identified": {Level.POLICY: ("efa-not-identified",)},
    "datastore-security-group-mismatch": {Level.POLICY: ("datastore-security-group-mismatch",)},
    "kafka-advertised-address": {Level.POLICY: ("kafka-advertised-address",)},
    "empty-secret": {Level.POLICY: ("empty-secret",)},
    "gitops-two-owners": {Level.POLICY: ("gitops-two-owners",)},
}

MISSING: dict[str, str] = {
    "applicationset-kustomize-images": "No model of ApplicationSets.",
    "kustomize-parent-reference": "Nothing reads kustomizations before they are applied.",
    "registry-pull-secret-missing": "No pull-through cache, no pull secret in namespaces.",
    "discontinued-image": "No list of refused images and charts in values.",
    "chart-image-swap": "No chart of the platform's that is pinned together with its image.",
    "container-command-mismatch": "No workload that waits for its rollout and tells the container's last words.",
    "deployment-waves": "No namespaces and applications as parts of the graph.",
    "gitops-two-owners": "No Argo CD project that denies the platform's kinds.",
    "gitops-project-whitelist": "No Argo CD project whose whitelist follows from the installed CRDs.",
    "config-change-without-restart": "No workload whose pods refer to versioned configuration.",
    "db-instance-class-prefix": "No component for database instances.",
    "image-architecture-mismatch": "No workload that states its image's architectures.",
    "mutable-image-tag": "The platform's repositories are immutable, but no component takes a workload's image.",
    "empty-secret": "No component for secrets.",
    "migration-missing": "No workload that declares its migration.",
    "probe-path-missing": "No workload that states its probes.",
    "datastore-security-group-mismatch": "No component for data stores in the VPC.",
    "kafka-advertised-address": "No component for brokers.",
    "efa-not-identified": "No pool of EFA instances with its device plugins.",
}

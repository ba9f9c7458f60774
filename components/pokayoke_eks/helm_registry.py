"""Which registry credentials Helm finds: none."""

REGISTRY_CONFIG = "pokayoke-eks/no-registry-credentials.json"
"""Where Helm looks for credentials of registries, instead of where the operator keeps them: a file that nobody makes,
which Helm takes for an empty one (helm 3.20.2, `registry.NewClient`; oras-go 2.6.0, `credentials/internal/config`).

No real file stands there because its path would be another on every machine, and the path is an input of the
provider: each colleague's preview would show a change. This one is relative to the program's directory, in which the
engine runs the provider, and the same everywhere.

Without credentials nothing is ever stored, which is what failed in the log's Terraform provider
(`public-registry-credentials`). pulumi-kubernetes stores none of what a program states (since 4.27,
`NewRegistryClient`), but presents it, and a public registry refuses what is of another day.

When this file has none, Helm 3.20 still asks Docker's own config, `$DOCKER_CONFIG/config.json`, and so the credential
helper named there: who has a broken one sets DOCKER_CONFIG to an empty directory.
"""

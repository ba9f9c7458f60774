"""The pipeline's nightly job left a password of ECR where programs find it."""


def before(client):
    parameter = {"Name": "/ci/ecr-password", "Type": "SecureString", "Value": "the-password-of-last-night"}
    client("ssm", region="ap-northeast-2").put_parameter(**parameter)

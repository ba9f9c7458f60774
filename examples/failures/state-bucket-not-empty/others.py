"""Pulumi writes a state, deletes it, and so leaves versions of it; in every bucket that there is."""


def meanwhile(client):
    s3 = client("s3", region="ap-northeast-2")
    for bucket in s3.list_buckets()["Buckets"]:
        s3.put_object(Bucket=bucket["Name"], Key="states/dev.json", Body=b"{}")
        s3.delete_object(Bucket=bucket["Name"], Key="states/dev.json")

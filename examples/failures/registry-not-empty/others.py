"""CI pushes an image into every repository that there is."""

MANIFEST = '{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "layers": []}'


def meanwhile(client):
    ecr = client("ecr", region="ap-northeast-2")
    for repository in ecr.describe_repositories()["repositories"]:
        name = repository["repositoryName"]
        if not ecr.list_images(repositoryName=name)["imageIds"]:
            ecr.put_image(repositoryName=name, imageManifest=MANIFEST, imageTag="1.0.0")

"""Somebody takes every Service with an NLB away and applies it again, so that its controller makes the NLB anew."""

from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind

SERVICE = Kind("", "v1", "Service")
OF_SERVER = ("uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "finalizers")


def meanwhile(_, cluster):
    for service in cluster.list("", "Service"):
        if service["spec"]["type"] == "LoadBalancer":
            meta = service["metadata"]
            cluster.delete(SERVICE, meta["name"], meta["namespace"])
            if not meta.get("ownerReferences"):
                stated = {key: value for key, value in meta.items() if key not in OF_SERVER}
                cluster.create({**service, "metadata": stated, "status": {}}, "kubectl")

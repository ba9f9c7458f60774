"""ExternalDNS in the rehearsal (0.21 to 0.23): its chart, and a program that keeps records in Route 53.

Modelled as far as documented failures turn on it: which versions read which kinds and annotations, whose records it
takes for its own, what its role must allow, and that what is left to delete when it goes stays behind.
"""

from pokayoke_rehearsal.doubles.kubernetes.external_dns.controller import install

__all__ = ["install"]

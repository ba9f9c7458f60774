"""What a client says that does not get through, in the words of curl where it has its own.

Sources: `Port 443: Connection timed out` as logged (error-texts of the issue, log 002);
`error:0A00010B:SSL routines::wrong version number` curl/curl#9931, and behind an NLB on EKS with a certificate of ACM,
in OpenSSL 1.1's spelling, kubernetes/ingress-nginx#6364; `Empty reply from server` where the NLB has ended TLS and the
gateway behind it expects it, istio/istio#23233; `Could not resolve host` kubernetes-sigs/external-dns#1723;
`no alternative certificate subject name matches target host name` curl, lib/vtls/openssl.c; what an ALB answers: AWS,
"Troubleshoot your Application Load Balancers", and re:Post's "Troubleshoot ALB 503 errors".
"""

from __future__ import annotations


def timed_out(port: int) -> str:
    """Nothing answers: what is sent is dropped on the way."""
    return f"Port {port}: Connection timed out"


def unresolved(host: str) -> str:
    return f"curl: (6) Could not resolve host: {host}"


def nobody(host: str, port: int) -> str:
    """Nobody is there to take a connection."""
    return f"curl: (7) Failed to connect to {host} port {port}"


def no_handshake() -> str:
    """TLS is asked of what answers in plain HTTP."""
    return "curl: (35) error:0A00010B:SSL routines::wrong version number"


def other_name(host: str) -> str:
    return f"curl: (60) SSL: no alternative certificate subject name matches target host name '{host}'"


def hung_up() -> str:
    """One side waits for TLS and the other one speaks without."""
    return "curl: (52) Empty reply from server"


def unavailable() -> str:
    """An ALB has nobody to send a request to."""
    return "HTTP 503 Service Temporarily Unavailable"


def bad_gateway() -> str:
    """An ALB's target closes the connection without an answer."""
    return "HTTP 502: Bad gateway"


def gateway_timeout() -> str:
    """An ALB does not get through to its targets."""
    return "HTTP 504: Gateway timeout"

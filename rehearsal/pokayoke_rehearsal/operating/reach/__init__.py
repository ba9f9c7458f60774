"""Who gets through from outside: from a name over its record to a balancer, its listener, TLS and the targets."""

from pokayoke_rehearsal.operating.reach.ways import lines, unreached

__all__ = ["lines", "unreached"]

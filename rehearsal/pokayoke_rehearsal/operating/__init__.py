"""What clusters do once they live: who waits for what, which nodes came and why, what it costs, and what is wrong."""

from pokayoke_rehearsal.operating.story import observe
from pokayoke_rehearsal.plan import Story

__all__ = ["Story", "observe"]

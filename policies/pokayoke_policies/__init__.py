"""CrossGuard policies: the same rules as the components, judging raw resources.

Nothing here loads a provider's SDK: a policy judges what the engine sends, and the pack starts before every preview.
"""

from .pack import policies

__all__ = ["policies"]

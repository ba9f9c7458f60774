"""Where a policy is explained, with an example of what it refuses and one of what it lets pass."""

PAGE = "pokayoke-eks/docs/policies.md"
"""The page in this project's repository; the project has no other address."""


def linked(message: str, slug: str) -> str:
    """What is said of a resource, with where to read on."""
    return f"{message} See {PAGE}#{slug}"

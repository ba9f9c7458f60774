"""CrossGuard policies: the same rules as the components, judging raw resources."""

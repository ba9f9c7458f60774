"""Torture of the checked-in stacks: whatever breaks a run, the next one ends where an undisturbed one ends."""

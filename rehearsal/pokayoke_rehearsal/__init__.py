"""The rehearsal: a stack's whole life on one machine, without an account."""

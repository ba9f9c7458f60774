"""`pokayoke replay`: the naive way breaks as logged, ours cannot be written; failure by failure."""

"""What can be known of an account, a cluster and the operator's machine before `pulumi up`, read only."""

"""What in-cluster controllers and the account's own services left behind of a cluster: found, priced, removed."""

"""EKS platforms in which the documented failures cannot be written."""

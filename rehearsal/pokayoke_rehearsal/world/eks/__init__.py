"""EKS as the rehearsal needs it: moto's has clusters and node groups only, and neither holds anything."""

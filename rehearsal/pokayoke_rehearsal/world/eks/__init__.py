"""EKS as the rehearsal needs it: moto's has clusters and node groups only, and makes nothing that either needs or holds."""

"""IAM documents as data, each with the source that it follows. Pure: no Pulumi here."""

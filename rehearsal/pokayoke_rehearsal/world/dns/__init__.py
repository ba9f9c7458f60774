"""Names on the internet: which hosted zone answers for one, and whose certificate is issued."""

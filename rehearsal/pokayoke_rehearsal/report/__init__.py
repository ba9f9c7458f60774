"""What a rehearsal shows: a live tree or plain lines while it runs, then a summary, or one JSON document."""

"""How long a real `up` or `destroy` would take, and what it would wait for: a schedule over a table of latencies."""

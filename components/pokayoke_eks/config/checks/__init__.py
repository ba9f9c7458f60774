"""Pure checks on whatever parsed. Each takes a `Partial` and the day, and yields located errors; none expects a field
to be there, because another may have failed to parse."""

"""Classes of database instances, as RDS takes them.

Source: Amazon RDS user guide, "DB instance classes" (`db.m6g.large`, `db.serverless`), and API reference,
CreateDBInstance: any other spelling is answered with InvalidParameterValue, `Invalid DB Instance class`.
"""

import re

from .finding import Finding, shown

SLUG = "db-instance-class-prefix"
_FORM = re.compile(r"db\.(?!db\.)[a-z0-9-]+(\.[a-z0-9.-]+)?", re.ASCII)


def bad_class(name: str) -> Finding | None:
    """Why RDS knows no class of this name, and which one was meant. What does not look like a class is not repeated."""
    if _FORM.fullmatch(name):
        return None
    meant = f"db.{re.sub(r'^(db[.])+', '', name.strip())}"
    is_close = _FORM.fullmatch(meant) is not None and meant.count(".") > 1
    how = "begins with db. twice" if name.startswith("db.db.") else "does not begin with db. once"
    return Finding(
        f"the class {f'{shown(name)} ' if is_close else ''}{how}: RDS knows none of that name",
        f"Write {meant}." if is_close else "Write it as RDS does, e.g. db.t4g.large.",
        SLUG,
    )

"""`make torture`, or `python -m bench.torture`: breaks runs of the checked-in stacks, and sees where the next ones end.

Writes the result to docs/reliability.md. Exit code 1 when something does not hold.
"""

import asyncio
import os
import sys
import time

os.environ.setdefault("GRPC_VERBOSITY", "NONE")

from .faults import torture
from .life import FellShortError, life_of
from .undisturbed import undisturbed


async def main() -> int:
    began = time.monotonic()
    try:
        async with life_of("dev") as life:
            found = await undisturbed(life)
            print(await torture(life, found), f"{time.monotonic() - began:.0f} s")
    except FellShortError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))

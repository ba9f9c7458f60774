"""The world's process: `python -m pokayoke_rehearsal.world`, as long as the note of it in its folder is there.

Nothing else ends a world that was kept and whose folder somebody removed (`make clean`, say). With POKAYOKE_WORLD_OWNER
in the environment, the world does not outlive the process of that number either.
"""

import json
import os
import runpy
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from pokayoke_rehearsal.hosts.world import OWNER, runs

_LOOK_EVERY_SECONDS = 2.0


def main() -> None:
    """Watches the folder named by the arguments, and is the world."""
    folder = Path(sys.argv[sys.argv.index("--directory") + 1])
    owner = int(os.environ.get(OWNER, "0"))
    threading.Thread(target=watch, args=(folder / "world.json", owner, _pause), daemon=True).start()
    runpy.run_module("pokayoke_rehearsal.world", run_name="__main__", alter_sys=True)


def watch(note: Path, owner: int, pause: Callable[[], object]) -> None:
    """Ends this process once the note of it, which it has yet to write, is gone or another world's, or its owner is."""
    seen = False
    while True:
        pause()
        try:
            mine = json.loads(note.read_text(encoding="utf-8")).get("pid") == os.getpid()
        except (OSError, ValueError):
            mine = False
        if (seen and not mine) or (owner and not runs(owner)):
            os.kill(os.getpid(), signal.SIGTERM)
            return
        seen = seen or mine


def _pause() -> None:
    time.sleep(_LOOK_EVERY_SECONDS)


if __name__ == "__main__":
    main()

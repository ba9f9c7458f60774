"""The world's process: `python -m pokayoke_rehearsal.world`, as long as the note of it in its folder is there.

Nothing else ends a world that was kept and whose folder somebody removed (`make clean`, say).
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

_LOOK_EVERY_SECONDS = 2.0


def main() -> None:
    """Watches the folder named by the arguments, and is the world."""
    folder = Path(sys.argv[sys.argv.index("--directory") + 1])
    threading.Thread(target=watch, args=(folder / "world.json", _pause), daemon=True).start()
    runpy.run_module("pokayoke_rehearsal.world", run_name="__main__", alter_sys=True)


def watch(note: Path, pause: Callable[[], object]) -> None:
    """Ends this process once the note of it, which it has yet to write, is gone or is that of another world."""
    seen = False
    while True:
        pause()
        try:
            mine = json.loads(note.read_text(encoding="utf-8")).get("pid") == os.getpid()
        except (OSError, ValueError):
            mine = False
        if seen and not mine:
            os.kill(os.getpid(), signal.SIGTERM)
            return
        seen = seen or mine


def _pause() -> None:
    time.sleep(_LOOK_EVERY_SECONDS)


if __name__ == "__main__":
    main()

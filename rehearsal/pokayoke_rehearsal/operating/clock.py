"""The virtual clock of a story: what happens takes as long as it does against AWS."""

from __future__ import annotations

from pokayoke_rehearsal.forecast.latency import Latency


class Clock:
    """Lines with the time since something was applied, as `+0:48`; `sources` is shared by the clocks of a story."""

    def __init__(self, sources: dict[str, None]) -> None:
        self.lines: list[str] = []
        self._sources = sources
        self._now = 0.0

    def tells(self, text: str) -> None:
        """It happens now."""
        minutes, seconds = divmod(round(self._now), 60)
        self.lines.append(f"  +{minutes}:{seconds:02d}  {text}")

    def passes(self, latency: Latency, text: str) -> None:
        """It happens when so much time has passed."""
        self._now += latency.create
        self._sources[latency.source] = None
        self.tells(f"{text}{'  (assumed)' if latency.assumed else ''}")

"""What a host raises."""


class HostError(Exception):
    """A process beside the engine did not start or ended too early; the text is for the user, without a trace."""

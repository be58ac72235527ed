"""One module per channel: `deliver(envelope)` returns a detail, or raises Refused, Final or Unknown."""


class Refused(Exception):
    """The provider said no: nothing went out, it may be tried again."""


class Final(Refused):
    """The provider said no and will say so again: a wrong address, a message without a template."""


class Unknown(Exception):
    """Nobody knows whether it went out (time-out after accepting): shown as unknown, never resent by itself."""

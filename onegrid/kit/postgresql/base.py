"""The connection of the house: named as DATABASES["default"]["ENGINE"]."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A kept connection is asked without a statement as long as the server has said nothing by itself."""

    def is_usable(self) -> bool:
        """Whether the next statement can be sent; a server that closed or warned has made its socket readable.

        Django asks `SELECT 1` before each request: a tenth of what a short one costs.
        """
        if self.connection is None or self.connection.closed:
            return False
        return not spoke(self.connection.fileno()) or super().is_usable()


def spoke(socket: int) -> bool:
    """Whether something waits to be read, be it the end of the connection."""
    poll = select.poll()
    poll.register(socket, select.POLLIN | select.POLLHUP | select.POLLERR)
    return bool(poll.poll(0))

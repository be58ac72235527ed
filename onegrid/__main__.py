"""The command `onegrid`: `onegrid explain NUMBER`, `onegrid import reports FILE`, `onegrid token USER`, …"""

import os
import sys

from onegrid.launch.places import adopt_demo


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onegrid.settings")
    adopt_demo()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

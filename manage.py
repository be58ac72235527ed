#!/usr/bin/env python
"""Django's command line for OneGrid; `onegrid` is the same under its own name."""

from onegrid.__main__ import main

if __name__ == "__main__":
    main()

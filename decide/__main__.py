"""`python -m decide`, and the `decide` command."""

from __future__ import annotations

import sys

from decide.start import main

if __name__ == "__main__":
    sys.exit(main())

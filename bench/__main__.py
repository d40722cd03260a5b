"""Runs every benchmark; each prints ratios within one run, because absolute times say little about another machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ORDER = ("training_speed", "dashboard_speed", "terminal_bytes", "compare_bytes", "startup", "accuracy")


def main() -> None:
    names = sys.argv[1:] or ORDER
    root = Path(__file__).resolve().parent.parent
    failed = [name for name in names if subprocess.call([sys.executable, "-m", f"bench.{name}"], cwd=root) != 0]
    if failed:
        sys.exit(f"did not end well: {', '.join(failed)}")


if __name__ == "__main__":
    main()

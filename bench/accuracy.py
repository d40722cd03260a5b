"""The validation accuracy that the first preset reaches, over several seeds; at least 0.96 is asked for."""

from __future__ import annotations

import json
import subprocess
import tempfile

from bench.dashboard import COMMAND, environment

SEEDS = 5


def main() -> None:
    for seed in range(SEEDS):
        with tempfile.TemporaryDirectory(prefix="tui-trainer-bench-") as home:
            command = [*COMMAND, "run", "digits-mlp", "--set", f"seed={seed}", "--json"]
            done = subprocess.run(command, env=environment(home), capture_output=True, text=True, check=True)
        result = json.loads(done.stdout.splitlines()[-1])
        last, best = result["validation"]["accuracy"], result["best"]["accuracy"]
        print(f"digits-mlp, seed {seed}: validation accuracy {last:.4f} at the end, best {best:.4f} (asked: 0.96)")


if __name__ == "__main__":
    main()

"""How fast the cross-encoder reads; what it is worth, `python -m training evaluate --reader crossencoder` says.

python benchmarks/crossencoder.py --data DATA
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from training.rows import load

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Comments a second of one core's time, the embedded reader included, and what it takes to begin."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--items", type=int, default=500)
    options = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    items = [row.item for row in load(options.data) if row.source == "blog"][: options.items]
    begin = time.perf_counter()
    from mkdocs_echo_plugin.stance.named import load as load_reader

    reader = load_reader("crossencoder")
    ready = time.perf_counter() - begin
    reader.read(items[:20])
    best = 0.0
    for _ in range(3):
        cpu = time.process_time()
        reader.read(items)
        best = max(best, len(items) / (time.process_time() - cpu))
    files = {
        path.name: path.stat().st_size for path in (ROOT / "mkdocs_echo_plugin/stance").glob("crossencoder.[njo]*")
    }
    print(f"{best:.0f} comments a CPU second (best of 3, n = {len(items)}), ready in {ready:.2f} s")
    print("bytes shipped:", files)


if __name__ == "__main__":
    main()

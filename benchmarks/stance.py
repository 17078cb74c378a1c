"""How fast the embedded reader and the reader of kinds are, on one core; what they are worth, `python -m training` says.

    python benchmarks/stance.py --data DATA

DATA is the folder that training reads. Nothing is cached but the weights and, as in a build, the post that the comments
before it were about.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from mkdocs_echo_plugin.stance import kind, load
from training.rows import load as load_rows

SHIPPED = Path(kind.__file__).parent


def best_rate(read: Callable[[Sequence[Any]], object], items: Sequence[Any]) -> float:
    """Items a second of one core's time, the best of five runs."""
    rates = []
    for _ in range(5):
        start = time.process_time()
        read(items)
        rates.append(len(items) / (time.process_time() - start))
    return max(rates)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    given = parser.parse_args()
    start = time.perf_counter()
    reader = load()
    print(f"loaded in {1000 * (time.perf_counter() - start):.0f} ms")
    for name in ("weights-top.bin", "weights-reply.bin", "kind.bin", "classes.txt"):
        print(f"{name}: {(SHIPPED / name).stat().st_size:,} bytes")
    rows = load_rows(given.data)
    blog = sorted((row.item for row in rows if row.source == "blog"), key=lambda item: (item.title, item.post))
    replies = [row.item for row in rows if row.source == "debagreement"]
    posts = [(item.title, item.post) for item in blog]
    for name, read, items in (
        ("comments on posts, a post's own side by side", reader.read, blog[:2000]),
        ("replies", reader.read, replies[:2000]),
        ("posts, their kind", lambda some: [kind.read(*post) for post in some], posts[:1000]),
    ):
        if items:
            print(f"{best_rate(read, items):,.0f} {name}, a CPU second (best of 5, n = {len(items)})")
    return 0


if __name__ == "__main__":
    sys.exit(main())

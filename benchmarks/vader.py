"""Is the fast VADER the same to the bit, and how much faster?

    python benchmarks/vader.py [--data FOLDER] [--texts 200000]

Compares repr() of both scorers on fuzzed texts, and on the real comments of FOLDER/stance where given; then times
both on texts of 60 words.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "unit")]

# only now that their folders are on the path
from test_vader import fuzzed  # noqa: E402  # all four stand below the paths that they need
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # noqa: E402

from mkdocs_echo_plugin.stance.vader import polarity  # noqa: E402
from training.rows import read_rows  # noqa: E402

MEAN_WORDS = 60


def real(data: Path) -> list[str]:
    """Every parent and reply of the stance files."""
    names = ("debagreement.jsonl", "subreddit_mask.jsonl", "iac_unlabelled.jsonl.gz")
    paths = [data / "stance" / name for name in names]
    rows = [row for path in paths if path.exists() for row in read_rows(path)]
    return [row[side] for row in rows for side in ("parent", "reply")]


def rate(scorer: Callable[[str], object], texts: list[str]) -> float:
    """Texts a CPU second: the best of three rounds."""
    seconds = []
    for _ in range(3):
        start = time.process_time()
        for text in texts:
            scorer(text)
        seconds.append(time.process_time() - start)
    return len(texts) / min(seconds)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--texts", type=int, default=200_000)
    given = parser.parse_args()
    theirs = SentimentIntensityAnalyzer().polarity_scores
    comments = real(given.data) if given.data else []
    texts = comments[: given.texts] + fuzzed(max(0, given.texts - len(comments)), seed=2)
    different = sum(repr(polarity(text)) != repr(theirs(text)) for text in texts)
    print(f"{len(texts):,} texts ({min(len(comments), given.texts):,} real): {different} differ")
    words = " ".join(comments or fuzzed(20_000, seed=3)).split()[: 2_000 * MEAN_WORDS]
    timed = [" ".join(words[i : i + MEAN_WORDS]) for i in range(0, len(words), MEAN_WORDS)]
    slow, fast = rate(theirs, timed), rate(polarity, timed)
    print(
        f"{MEAN_WORDS} words: vaderSentiment {slow:,.0f}/s, ours {fast:,.0f}/s, {fast / slow:.1f}x ({len(timed):,} texts)"
    )
    return different > 0


if __name__ == "__main__":
    sys.exit(main())

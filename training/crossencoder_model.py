"""The cross-encoder in PyTorch: MiniLM read from the registry package's own file, three pools, one linear layer.

Written out rather than taken from `transformers`, so that the tensor names are the ones of the published file, and the
inference graph (`mkdocs_echo_plugin/stance/crossencoder_graph.py`) is the same arithmetic, line by line.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mkdocs_echo_plugin.stance.crossencoder_build import MINILM, Shape, renamed


class Layer(nn.Module):
    """One transformer layer, post-norm, exact GELU (Devlin et al. 2019)."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.query, self.key, self.value, self.out = (nn.Linear(shape.width, shape.width) for _ in range(4))
        self.up, self.down = nn.Linear(shape.width, shape.inner), nn.Linear(shape.inner, shape.width)
        self.norm1, self.norm2 = (nn.LayerNorm(shape.width, eps=1e-12) for _ in range(2))

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        batch, length, width = x.shape
        q, k, v = (f(x).view(batch, length, self.heads, -1).transpose(1, 2) for f in (self.query, self.key, self.value))
        # By hand: on a CPU the backward pass of the fused kernel takes a quarter of the whole training step.
        a = torch.softmax(q @ k.transpose(2, 3) / math.sqrt(width // self.heads) + mask, -1) @ v
        a = self.out(a.transpose(1, 2).reshape(batch, length, width))
        x = self.norm1(x + a)
        return self.norm2(x + self.down(F.gelu(self.up(x))))


class CrossEncoderModel(nn.Module):
    """[CLS] parent [SEP] reply [SEP] -> three logits: disagree, neutral, agree.

    The head is linear over three pools of the last layer: [CLS], the mean of the reply's tokens, the mean of the
    parent's.
    """

    def __init__(self, shape: Shape = MINILM, *, dropout: float = 0.1) -> None:
        super().__init__()
        self.shape, self.dropout = shape, dropout
        self.words = nn.Embedding(shape.vocabulary, shape.width)
        self.places = nn.Embedding(shape.positions, shape.width)
        self.sides = nn.Embedding(2, shape.width)
        self.norm = nn.LayerNorm(shape.width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.head = nn.Linear(3 * shape.width, 3)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(self, ids: Tensor, sides: Tensor, present: Tensor) -> Tensor:
        """Logits (batch, 3); ids, sides (0 parent, 1 reply) and the mask of real tokens are (batch, length)."""
        x = self.words(ids) + self.places(torch.arange(ids.shape[1], device=ids.device)) + self.sides(sides)
        x = F.dropout(self.norm(x), self.dropout, self.training)
        mask = (
            torch.zeros(present.shape, device=ids.device).masked_fill(~present, -math.inf)[:, None, None, :].to(x.dtype)
        )
        for layer in self.layers:
            x = layer(x, mask.to(torch.bfloat16) if torch.is_autocast_enabled(x.device.type) else mask)
        x = x.float()
        reply, parent = (sides == 1) & present, (sides == 0) & present
        pools = [
            x[:, 0],
            *((x * m[..., None]).sum(1) / m.sum(1, keepdim=True).clamp(min=1) for m in (reply, parent)),
        ]
        return self.head(F.dropout(torch.cat(pools, 1), self.dropout, self.training).to(self.head.weight.dtype))


def shape_of(base: Path) -> Shape:
    """The sizes that a published model's config.json gives."""
    config = json.loads((base / "config.json").read_text(encoding="utf-8"))
    return Shape(
        vocabulary=config["vocab_size"],
        positions=config["max_position_embeddings"],
        width=config["hidden_size"],
        heads=config["num_attention_heads"],
        inner=config["intermediate_size"],
        layers=config["num_hidden_layers"],
    )


def load_published(model: CrossEncoderModel, tensors: dict[str, Tensor]) -> None:
    """Fill everything but the head from a published BERT file (names without a prefix, as in the package)."""
    arrays = {name: tensor.float().numpy() for name, tensor in tensors.items()}
    ours = {name: torch.from_numpy(array) for name, array in renamed(arrays, model.shape.layers).items()}
    model.load_state_dict(model.state_dict() | ours)

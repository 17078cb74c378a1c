"""The teacher in PyTorch: all-mpnet-base-v2 (Song et al. 2020) with the cross-encoder's three pools and linear head."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

_PARTS = {
    "query": "attention.attn.q", "key": "attention.attn.k", "value": "attention.attn.v", "out": "attention.attn.o",
    "norm1": "attention.LayerNorm", "up": "intermediate.dense", "down": "output.dense", "norm2": "output.LayerNorm",
}  # fmt: skip
_OFFSET = 4  # MPNet's vocabulary is BERT's after four tokens of its own
_CLS, _SEP = 101, 102
_FIRST_PLACE = 2


class TeacherLayer(nn.Module):
    """One transformer layer, post-norm, with a bias of the attention by distance."""

    def __init__(self, width: int, heads: int, inner: int, dropout: float) -> None:
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.query, self.key, self.value, self.out = (nn.Linear(width, width) for _ in range(4))
        self.up, self.down = nn.Linear(width, inner), nn.Linear(inner, width)
        self.norm1, self.norm2 = (nn.LayerNorm(width, eps=1e-5) for _ in range(2))

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        batch, length, width = x.shape
        q, k, v = (f(x).view(batch, length, self.heads, -1).transpose(1, 2) for f in (self.query, self.key, self.value))
        a = F.scaled_dot_product_attention(q, k, v, attn_mask=mask.to(q.dtype))
        a = self.out(a.transpose(1, 2).reshape(batch, length, width))
        x = self.norm1(x + F.dropout(a, self.dropout, self.training))
        return self.norm2(x + F.dropout(self.down(F.gelu(self.up(x))), self.dropout, self.training))


class TeacherModel(nn.Module):
    """<s> what is answered </s> comment </s> -> three logits."""

    def __init__(self, vocabulary: int, width: int = 768, heads: int = 12, layers: int = 12, inner: int = 3072) -> None:
        super().__init__()
        self.dropout = 0.1
        self.words, self.places = nn.Embedding(vocabulary, width), nn.Embedding(514, width)
        self.distances = nn.Embedding(32, heads)
        self.norm = nn.LayerNorm(width, eps=1e-5)
        self.layers = nn.ModuleList(TeacherLayer(width, heads, inner, self.dropout) for _ in range(layers))
        self.head = nn.Linear(3 * width, 3)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    @classmethod
    def published(cls, tensors: Mapping[str, Any]) -> TeacherModel:
        """A model with the published encoder and a new head."""
        names = {
            "words.weight": "embeddings.word_embeddings.weight",
            "places.weight": "embeddings.position_embeddings.weight",
            "distances.weight": "encoder.relative_attention_bias.weight",
            "norm.weight": "embeddings.LayerNorm.weight",
            "norm.bias": "embeddings.LayerNorm.bias",
        }
        model = cls(len(tensors[names["words.weight"]]))
        for i in range(len(model.layers)):
            for ours, theirs in _PARTS.items():
                for kind in ("weight", "bias"):
                    names[f"layers.{i}.{ours}.{kind}"] = f"encoder.layer.{i}.{theirs}.{kind}"
        known = {ours: torch.from_numpy(tensors[theirs]) for ours, theirs in names.items()}
        model.load_state_dict(model.state_dict() | known)
        return model

    @staticmethod
    def encoded(items: Sequence[tuple[list[int], int]]) -> list[tuple[list[int], int]]:
        """BERT's token ids as MPNet's, whose tokenizer differs in nothing else."""
        own = {_CLS: 0, _SEP: 2}
        return [([own.get(token, token + _OFFSET) for token in ids], start) for ids, start in items]

    def forward(self, ids: Tensor, sides: Tensor, present: Tensor) -> Tensor:
        """Logits (batch, 3); as in `CrossEncoderModel`."""
        places = torch.arange(ids.shape[1], device=ids.device)
        x = F.dropout(self.norm(self.words(ids) + self.places(places + _FIRST_PLACE)), self.dropout, self.training)
        mask = torch.zeros(present.shape, device=ids.device).masked_fill(~present, -1e4)[:, None, None, :]
        mask = mask + self.distances(_buckets(places)).permute(2, 0, 1)[None]
        for layer in self.layers:
            x = layer(x, mask)
        x = x.float()
        pools = [
            x[:, 0],
            *((x * m[..., None]).sum(1) / m.sum(1, keepdim=True).clamp(min=1)
              for m in ((sides == 1) & present, (sides == 0) & present)),
        ]  # fmt: skip
        logits: Tensor = self.head(F.dropout(torch.cat(pools, 1), self.dropout, self.training))
        return logits


def _buckets(places: Tensor) -> Tensor:
    """Which of 32 distances lies between each two places: eight near ones each way, then by powers (Raffel 2020)."""
    apart = places[:, None] - places[None, :]
    far = 8 + (torch.log(apart.abs().clamp(min=1).float() / 8) / math.log(16) * 8).long()
    return (apart < 0).long() * 16 + torch.where(apart.abs() < 8, apart.abs(), far.clamp(max=15))

"""How sure "k of m" is: the interval of a share."""

from __future__ import annotations

from functools import lru_cache
from math import exp, lgamma, log


@lru_cache(maxsize=4096)
def interval(k: int, m: int, *, level: float = 0.8) -> tuple[float, float]:
    """The central interval of Beta(k + 1/2, m - k + 1/2), in which the true share lies with probability `level`.

    Jeffreys' interval (Brown, Cai and DasGupta, 2001), each bound 0..1 to 1e-9. k of m: 0 <= k <= m; for m = 0 it is
    the prior's own.

    Raises:
        ValueError: not 0 <= k <= m.
    """
    if not 0 <= k <= m:
        raise ValueError(f"{k} of {m} is not a share")
    a, b = k + 0.5, m - k + 0.5
    tail = (1 - level) / 2
    return _quantile(tail, a, b), _quantile(1 - tail, a, b)


def _quantile(level: float, a: float, b: float) -> float:
    """Newton's steps, halved where they would leave the bracket: about seven instead of forty halvings."""
    low, high, x = 0.0, 1.0, 0.5
    scale = lgamma(a + b) - lgamma(a) - lgamma(b)
    for _ in range(100):
        off = _below(x, a, b) - level
        low, high = (x, high) if off < 0 else (low, x)
        slope = exp(scale + (a - 1) * log(x) + (b - 1) * log(1 - x))
        new = x - off / slope if slope else low
        if not low < new < high:
            new = (low + high) / 2
        if abs(new - x) < 1e-13:
            break
        x = new
    return new


def _below(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, by its continued fraction (Lentz)."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - _below(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x)) / a
    tiny = 1e-300
    c, d = 1.0, 1 / max(1 - (a + b) * x / (a + 1), tiny)
    value = d
    for m in range(1, 400):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / (1 + term * d or tiny)
            c = 1 + term / c or tiny
            value *= c * d
        if abs(c * d - 1) < 1e-14:
            break
    return front * value

"""How much longer or shorter things take, and how sure one can be of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from statistics import fmean

RESAMPLES = 1_000
_SURE = 0.95


@dataclass(frozen=True)
class Change:
    """Mean seconds before and after, their difference and its 95 % interval, over so many cases."""

    cases: int
    before_s: float
    after_s: float
    change_s: float
    low_s: float
    high_s: float


def change(before: Sequence[float], after: Sequence[float]) -> Change | None:
    """The change between paired values, its interval by bootstrap over the pairs; None of none.

    Source: Efron, Tibshirani, An Introduction to the Bootstrap (1993), chapter 13 (percentiles).
    """
    if not before:
        return None
    gains = [later - earlier for earlier, later in zip(before, after, strict=True)]
    chance = Random(0)  # noqa: S311 - the same cases yield the same interval
    count = len(gains)
    means = sorted(fmean(chance.choices(gains, k=count)) for _ in range(RESAMPLES))
    edge = int(RESAMPLES * (1 - _SURE) / 2)
    return Change(count, fmean(before), fmean(after), fmean(gains), means[edge], means[-edge - 1])

"""Twenty recorded attacks in one hour, among daily work and values that everybody shares, are told apart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bench.grouping.measures import Score, score
from tests.bench.grouping.measuring import Bench, Half
from tocsin.core.ids import AlertId

PRECISION = 0.95


@pytest.fixture(scope="session")
def bench(reference_data: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(
        reference_data("events/otrf-security-datasets-50k.jsonl.zst"),
        reference_data("sigma/sigmahq-rules-8eaafff.zip"),
        tmp_path_factory.mktemp("mix"),
    )


@pytest.mark.parametrize(("half", "calm"), [("all", False), ("held out", False), ("all", True)])
def test_the_incidents_are_the_attacks(bench: Bench, half: Half, calm: bool, sized: Callable[[int, int], int]) -> None:
    for seed in range(1, sized(2, 10) + 1):
        found = bench.measure(seed, half, calm=calm)
        assert found.incidents.precision >= PRECISION, found
        # where nothing else alerts, what waits is the difference: the baselines know no waiting
        told = found.groups if calm else found.incidents
        assert told.f1 > max(found.host.f1, found.entity.f1), found


def test_a_score_counts_pairs() -> None:
    one, two, three, noise = (AlertId(name) for name in ("1", "2", "3", "n"))
    labels = {one: "a", two: "a", three: "b", noise: None}
    assert score([[one, two], [three], [noise]], labels) == Score(1.0, 1.0)
    assert score([[one, two, three]], labels) == Score(1 / 3, 1.0)
    assert score([[one, two, noise]], labels) == Score(1 / 3, 1.0)
    assert score([[one, three]], labels) == Score(0.0, 0.0)
    assert score([], labels) == Score(1.0, 0.0)

"""What completing a task costs over HTTP, beside a bare service and the engine alone.

    python -m bench.completion [--quick]

Measured is the department director's review in the shipped process, each time in another case. On
each database three servers are asked in turn, one request at a time: the product with few cases
stored, the product with many, and bench.bare. So all meet the same noise. Ends with one line of
JSON. PostgreSQL is the server of HUIZHEN_TEST_POSTGRES or a throw-away cluster that waits for the
disk; without any, its figures are null.
"""

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path
from statistics import median, quantiles

from app import create_app
from app.consultations.models import Instance
from app.db import db, get_or_404, now
from app.processes.queries import definition
from app.tasks.models import Task
from bench.stored import Store
from bpmn.engine import Definition, Execution
from tests.app.shipped import APPROVAL
from tests.postgres import Server as Postgres
from tests.postgres import find_server
from tests.serving import Browser, Server, settings_for, sign_in_as

FEW = 100  # cases stored; a quarter of them waits at the measured step
WARM_UP = 10  # requests to each server before those that count
ENGINE_STEPS = 300


@dataclass(frozen=True)
class Size:
    """How much is measured. many: cases stored; rounds: of a quarter of FEW requests each."""

    many: int
    rounds: int


FULL, QUICK = Size(100_000, 24), Size(10_000, 6)


class Product:
    """The product in a process of its own, on a new database."""

    def __init__(self, url: str, folder: Path, closing: ExitStack) -> None:
        settings = settings_for(url, folder)
        self.app = create_app(settings)
        with self.app.app_context():
            db.create_all()
            self.store = Store()
            passes = [sign_in_as(self.app, one) for one in self.store.directors]
            db.session.remove()
        server = closing.enter_context(Server(settings, ("-m", "bench.counted")))
        self._browsers = cycle([Browser(server.port, held) for held in passes])
        self._waiting: list[int] = []
        self.costs: set[tuple[int, int]] = set()

    def refill(self, number: int) -> None:
        """Begin again with this many cases stored."""
        with self.app.app_context():
            self.store.empty()
            self.store.fill(number)
            self._waiting = self.store.waiting()
            db.session.remove()
        random.shuffle(self._waiting)

    def complete(self) -> float:
        """Complete the review of a case that nobody reviewed yet; how long it took, in ms."""
        took, headers = _ask(next(self._browsers), self._waiting.pop())
        self.costs.add((int(headers["X-Statements"]), int(headers["X-Commits"])))
        return took

    def engine_ms(self) -> float:
        """How long the engine alone takes for the same step, from state to state; median."""
        with self.app.app_context():
            task = get_or_404(Task, self._waiting[0])
            instance = get_or_404(Instance, task.consultation_id)
            read, state, engine_id = definition(instance.digest), instance.state, task.engine_id
            db.session.remove()
        return median(_timed(lambda: _step(read, state, engine_id)) for _ in range(ENGINE_STEPS))


class Bare:
    """bench.bare in a process of its own."""

    def __init__(self, url: str, folder: Path, closing: ExitStack) -> None:
        server = closing.enter_context(Server(settings_for(url, folder), ("-m", "bench.bare")))
        self._browser, self._numbers = Browser(server.port), count(1)

    def complete(self) -> float:
        """Store one row; how long it took, in ms."""
        return _ask(self._browser, next(self._numbers))[0]


@dataclass
class Found:
    """What was measured on one database; times in ms."""

    few: list[float] = field(default_factory=list)
    many: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    costs: set[tuple[int, int]] = field(default_factory=set)  # statements, commits
    engine_ms: float = 0

    @property
    def ratio(self) -> float:
        """The product's median to that of the bare service."""
        return median(self.few) / median(self.bare)

    @property
    def growth(self) -> float:
        """The median with many cases stored to that with few."""
        return median(self.many) / median(self.few)


def measure(new_database: Callable[[str], str], folder: Path, size: Size) -> Found:
    """Everything on one kind of database. new_database: name -> URL of an empty one."""
    found = Found()
    with ExitStack() as closing:
        few = Product(new_database("few"), folder / "few", closing)
        many = Product(new_database("many"), folder / "many", closing)
        bare = Bare(new_database("bare"), folder / "bare", closing)
        many.refill(size.many)
        few.refill(FEW)
        found.engine_ms = few.engine_ms()
        for asked in (few, many, bare):
            for _ in range(WARM_UP):
                asked.complete()
        for product in (few, many):
            product.costs.clear()  # the first step also read the diagram
        for _ in range(size.rounds):
            few.refill(FEW)
            _round(found, few, many, bare)
        found.costs = few.costs | many.costs
    return found


def _round(found: Found, few: Product, many: Product, bare: Bare) -> None:
    in_turn: list[tuple[Product | Bare, list[float]]] = [
        (few, found.few),
        (many, found.many),
        (bare, found.bare),
    ]
    for _ in range(FEW // 4):
        random.shuffle(in_turn)
        for asked, times in in_turn:
            times.append(asked.complete())


def _ask(browser: Browser, number: int) -> tuple[float, dict[str, str]]:
    began = time.perf_counter()
    answer = browser.post(f"/api/tasks/{number}/completion", {"answers": APPROVAL})
    content = answer.read()
    took = (time.perf_counter() - began) * 1000
    if answer.status != 201:
        raise RuntimeError(f"{answer.status}: {content.decode()}")
    return took, dict(answer.headers)


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def _step(read: Definition, state: str, engine_id: str) -> None:
    execution = Execution.resume(read, state)
    execution.complete(engine_id, APPROVAL, now())
    execution.snapshot(now())


def _sqlite(folder: Path) -> Callable[[str], str]:
    return lambda name: f"sqlite:///{folder}/{name}.sqlite3"


def _postgres(server: Postgres) -> Callable[[str], str]:
    return lambda _name: server.create_database()


def main() -> None:
    """Measure, print the table, and the figures as one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer requests and cases: 45 s")
    size = QUICK if parser.parse_args().quick else FULL
    random.seed(1)
    results: dict[str, Found] = {}
    with tempfile.TemporaryDirectory(prefix="huizhen-bench-") as name:
        folder = Path(name)
        results["sqlite"] = measure(_sqlite(folder), folder / "sqlite", size)
        server = find_server(is_durable=True)
        if server is not None:
            results["postgres"] = measure(_postgres(server), folder / "postgres", size)
    _print_table(results, size)
    print(json.dumps(_figures(results, size)))


def _print_table(results: dict[str, Found], size: Size) -> None:
    print(f"{'one completion, ms':44}{'p50':>8}{'p90':>8}{'requests':>10}")
    for name, found in results.items():
        lines = {
            f"{FEW} cases stored": found.few,
            f"{size.many:,} cases stored": found.many,
            "bare Flask, one row": found.bare,
        }
        for label, times in lines.items():
            p90 = quantiles(times, n=10)[-1]
            print(f"{name + ', ' + label:44}{median(times):8.2f}{p90:8.2f}{len(times):10}")
        print(f"{name + ', engine in memory':44}{found.engine_ms:8.2f}")
        print(f"{name + ', times the bare service':44}{found.ratio:8.2f}")
        print(f"{name + ', many to few':44}{found.growth:8.2f}")
        for statements, commits in sorted(found.costs):
            print(f"{name + ', statements and commits':44}{statements:8}{commits:8}")


def _figures(results: dict[str, Found], size: Size) -> dict[str, float | None]:
    costs = set().union(*(found.costs for found in results.values()))
    figures: dict[str, float | None] = {
        f"{name}_p50_ratio": round(results[name].ratio, 2) if name in results else None
        for name in ("sqlite", "postgres")
    }
    for name, found in results.items():
        figures[f"{name}_p50_ms"] = round(median(found.few), 2)
        figures[f"{name}_bare_p50_ms"] = round(median(found.bare), 2)
        figures[f"{name}_growth_ratio"] = round(found.growth, 3)
    figures["engine_p50_ms"] = round(results["sqlite"].engine_ms, 2)
    figures["statements"] = max(statements for statements, _ in costs)
    figures["commits"] = max(commits for _, commits in costs)
    # Of both databases, the one that strays further from 1.
    growths = [found.growth for found in results.values()]
    figures["growth_ratio"] = round(max(growths, key=lambda one: abs(one - 1)), 3)
    figures["stored_few"], figures["stored_many"] = FEW, size.many
    return figures


if __name__ == "__main__":
    main()

"""A process is killed at a numbered point, and what it leaves is judged by another one."""

from __future__ import annotations

import os
import random
import shutil
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from runtime import crash_points
from runtime.crash_points import CrashPoint
from tests.crashes.processes import Say, run_apart
from tests.crashes.scenes import SCENES, Acknowledged, Scene, make_base


@dataclass(frozen=True, slots=True)
class Kill:
    """Where a process is killed: in which scene, and when it comes by a point for the so-many-eth time (from 1)."""

    scene: Scene
    point: CrashPoint
    hit: int

    def __str__(self) -> str:
        return f"{self.scene.name}, {self.point.name} for the {self.hit}. time"


@dataclass
class Walk:
    """What came of the kills. `hits`: how often each scene comes by each point when nobody kills it."""

    hits: dict[str, Counter[CrashPoint]] = field(default_factory=dict)
    kills: list[Kill] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def reached(self) -> set[CrashPoint]:
        """Return the points at which a process was killed."""
        return {kill.point for kill in self.kills}


def watch_for(kill: Kill | None, say: Say) -> None:
    """Say each point that is passed; end this process, as power does, at one of them."""
    passed: Counter[CrashPoint] = Counter()

    def pass_point(point: CrashPoint) -> None:
        passed[point] += 1
        if kill is None:
            say(f"point {point.name}")
        elif point is kill.point and passed[point] == kill.hit:
            os.kill(os.getpid(), signal.SIGKILL)

    crash_points.watcher = pass_point


def prepared(scene: Scene, base: Path, place: Path) -> Path:
    """Return the folder in which a scene begins, in an empty place."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    folder = place / "folder"
    scene.prepare(base, folder)
    return folder


def survey(base: Path, place: Path, scene: Scene) -> tuple[Counter[CrashPoint], list[str]]:
    """Play a scene to its end: how often it comes by each point, and what is wrong already."""
    folder = prepared(scene, base, place)

    def play(say: Say) -> None:
        watch_for(None, say)
        scene.act(folder, say)

    ended = run_apart(play)
    points = Counter(CrashPoint[line[6:]] for line in ended.lines if line.startswith("point "))
    wrong = [] if ended.code == 0 else [f"{scene.name}, undisturbed: {ended.lines[-1]}"]
    said = tuple(line for line in ended.lines if not line.startswith("point "))
    return points, wrong + _judge(scene, folder, said, f"{scene.name}, undisturbed")


def strike(base: Path, place: Path, kill: Kill) -> list[str]:
    """Kill a process and judge what it left; return what is wrong."""
    folder = prepared(kill.scene, base, place)

    def play(say: Say) -> None:
        watch_for(kill, say)
        kill.scene.act(folder, say)

    ended = run_apart(play)
    if ended.code != -signal.SIGKILL:
        return [f"{kill}: it was not killed, {ended.lines}"]
    return _judge(kill.scene, folder, ended.lines, str(kill))


def _judge(scene: Scene, folder: Path, said: Sequence[str], where: str) -> list[str]:
    judged = run_apart(lambda _: scene.judge(folder, Acknowledged(tuple(said))))
    if judged.code == 0:
        return []
    return [f"{where}: {judged.lines[-1] if judged.lines else f'the judge ended with {judged.code}'}"]


def walk(folder: Path, choose: Callable[[dict[str, Counter[CrashPoint]]], Iterator[Kill]]) -> Walk:
    """Survey all scenes, then kill as was chosen."""
    result = Walk()
    base = folder / "base"
    make_base(base)
    for scene in SCENES:
        result.hits[scene.name], wrong = survey(base, folder / "place", scene)
        result.wrong += wrong
    for kill in choose(result.hits):
        result.kills.append(kill)
        result.wrong += strike(base, folder / "place", kill)
    return result


def every_point_once(seed: int) -> Callable[[dict[str, Counter[CrashPoint]]], Iterator[Kill]]:
    """Choose for each point one of its hits, in the first scene that comes by it: the scenes are in order of cost."""

    def choose(hits: dict[str, Counter[CrashPoint]]) -> Iterator[Kill]:
        chance = random.Random(f"{seed}/points")
        for point in CrashPoint:
            for scene in SCENES:
                if hits[scene.name][point]:
                    yield Kill(scene, point, chance.randint(1, hits[scene.name][point]))
                    break

    return choose


def every_hit(seed: int, has_time: Callable[[], bool]) -> Callable[[dict[str, Counter[CrashPoint]]], Iterator[Kill]]:
    """Choose every point once, then every hit of every point in every scene, in a drawn order, while there is time."""

    def choose(hits: dict[str, Counter[CrashPoint]]) -> Iterator[Kill]:
        first = list(every_point_once(seed)(hits))
        yield from first
        rest = [
            kill
            for scene in SCENES
            for point, count in hits[scene.name].items()
            for hit in range(1, count + 1)
            if (kill := Kill(scene, point, hit)) not in first
        ]
        random.Random(f"{seed}/hits").shuffle(rest)
        for kill in rest:
            if not has_time():
                return
            yield kill

    return choose

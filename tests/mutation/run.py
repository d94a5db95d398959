"""Mutation testing, by hand: one small change at a time in a module, and the tests that should notice it.

    python tests/mutation/run.py psa_evidence/format tests/format [more tests] [--modules a.py,b.py] [--every N]
        [--out FILE [--again]] [--budget SECONDS]

The tests are collected and run once, which shows what each of them executes. Then each mutant lives in a child process:
the code of the changed function, or the value of the changed constant, is put in the place of the honest one, and the
tests that execute it run, quick ones first, until one fails or the budget is used up. What lives is judged a second
time, with every fixture made anew, by those tests that share one. What cannot be exchanged in place is judged in a
process that loads the changed module from the beginning.

Prints every mutant that the tests let live, then the numbers; `--out` keeps one line of JSON for each, and a mutant
that stands there already is not run again (with `--again` only one that was killed is not: more tests, or a larger
budget, may kill the others). A mutant is killed when a test fails, or when the tests take far longer than
without it. Modules are changed in memory only: tests that start a process of their own, which has the honest code, are
skipped. For systems with fork (Linux, macOS).
"""

import argparse
import functools
import gc
import hashlib
import importlib.abc
import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import types
from collections import defaultdict
from pathlib import Path
from types import CodeType, FunctionType

import pytest
from changes import mutants
from hypothesis import Phase, settings

SLOWER, GRACE = 2, 3
"""A mutant may take so many times as long as the traced tests without it, and so many seconds of the processor more."""
BUDGET = 2
"""Seconds of tests, quick ones first, that a mutant has to live through unless more are asked; a test alone may take
longer."""
WAITING = 30
"""And so many times that by the clock: a deadlock takes no processor."""
ASKED_HONEST = 20
"""Tests, the quickest of a module, that a child without a mutant has to pass before its mutants are judged."""
ALIVE = 42
"""The exit status of a child whose tests passed; a mutant may end the child with 0."""
QUIET = (
    "-x", "-q", "-p", "no:cacheprovider", "--timeout=0", "-p", "no:xdist",
    "-W", "ignore::pytest.PytestAssertRewriteWarning",
)  # fmt: skip

settings.register_profile(
    "mutation", deadline=None, derandomize=True, database=None, phases=(Phase.explicit, Phase.generate),
    report_multiple_bugs=False,
)  # fmt: skip
"""Nothing is shrunk: that a test fails is all that is asked."""
settings.load_profile("mutation")


class Traced:
    """Which lines of which modules run, by a trace function in every thread."""

    def __init__(self, paths):
        self.paths, self.lines = {str(path.resolve()) for path in paths}, set()

    def __enter__(self):
        self.lines, self.unseen = set(), {}  # what was seen whole is not looked at again
        threading.settrace(self._call)
        sys.settrace(self._call)
        return self

    def __exit__(self, *_):
        sys.settrace(None)
        threading.settrace(None)

    def _call(self, frame, _event, _argument):
        code = frame.f_code
        if code.co_filename not in self.paths:
            return None
        if code not in self.unseen:
            self.unseen[code] = {at[2] for at in code.co_lines() if at[2]} - {code.co_firstlineno}
        return self._line if self.unseen[code] else None

    def _line(self, frame, event, _argument):
        if event == "line":
            self.lines.add((frame.f_code.co_filename, frame.f_lineno))
            self.unseen[frame.f_code].discard(frame.f_lineno)
        return self._line


class Mutating:
    """A plugin of pytest: in place of the usual loop over the tests, one loop for each mutant."""

    def __init__(self, modules, out, every, budget):
        self.modules, self.out, self.every, self.budget = modules, out, every, budget
        self.reports = []

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.reports.append(report.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        self.session, self.covering, self.seconds = session, defaultdict(list), {}
        for number, item in enumerate(session.items):
            begun = time.process_time()
            with Traced(self.modules) as traced:
                self._run(item, session.items[(number + 1) % len(session.items)])
            self.seconds[number] = time.process_time() - begun
            for place in traced.lines:
                self.covering[place].append(number)
        if self.reports:
            sys.exit(f"the tests fail without a mutant: {self.reports}")
        self.living = living({str(path.resolve()) for path in self.modules})
        self.caches = remembering()
        gc.freeze()
        for path in self.modules:
            self._module(path)
        return True

    def _run(self, item, then):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=then)

    def _module(self, path):
        source = path.read_text("utf-8")
        honest = functions(compile(source, str(path.resolve()), "exec"))
        lines = source.splitlines()
        alive = total = 0
        killers = []
        self._check_honest(path)
        for nth, (line, words, tree) in enumerate(mutants(source)):
            if nth % self.every:
                continue
            total += 1
            name = f"{path}:{line}: {words} #{nth} {hashlib.sha256(source.encode()).hexdigest()[:8]}"
            if name in self.out.known:
                verdict = self.out.known[name]
            else:
                verdict = self._judged(path, line, tree, honest, killers)
                self.out.write(name, verdict, lines[line - 1].strip())
            if verdict != "killed":
                alive += 1
                sys.stdout.write(f"{path}:{line}: {words}: {lines[line - 1].strip()} [{verdict}]\n")
        sys.stdout.write(f"{path}: {total} mutants, {total - alive} killed, {alive} alive\n")
        sys.stdout.flush()

    def _check_honest(self, path):
        """A child that changed nothing must live: else every mutant would seem killed, for another reason."""
        everything = {n for place, found in self.covering.items() if place[0] == str(path.resolve()) for n in found}
        order = sorted(everything, key=self.seconds.get)[:ASKED_HONEST]
        if order and self._child(lambda: True, order)[0] != "alive":
            sys.exit(f"{path}: the tests fail in a child without a mutant")

    def _judged(self, path, line, tree, honest, killers):
        file = str(path.resolve())
        code = compile(tree, file, "exec")
        changed = [(honest[key], new) for key, new in functions(code).items() if honest.get(key, new) != new]
        tests = self.covering.get((file, line), [])
        at_import = bool(changed) and not tests
        if changed and tests:
            order = self._within_budget(sorted(tests, key=lambda n: (n not in killers[-5:], self.seconds[n])))
            outcome, killer = self._child(lambda: exchanged(changed, self.living), order)
            if outcome != "cannot":
                if killer is not None:
                    killers.append(killer)
                return outcome
        everything = {n for place, found in self.covering.items() if place[0] == file for n in found}
        order = self._within_budget(sorted(everything, key=self.seconds.get))
        if at_import or not changed:
            outcome, _ = self._child(lambda: constants(path, code), order)
            if outcome != "cannot":
                return outcome
        if at_import:
            return "no test"
        return self._anew(path, code, order)

    def _within_budget(self, order):
        kept, total = [], 0
        for number in order:
            total += self.seconds[number]
            if kept and total > self.budget:
                break
            kept.append(number)
        return kept

    def _of(self, file, code):
        return {n for at in code.co_lines() if at[2] for n in self.covering.get((file, at[2]), ())}

    def _child(self, change, order):
        """Run the tests in a child that made the change; what became of it, and the test that noticed."""
        allowed = round(sum(self.seconds[n] for n in order) * SLOWER) + GRACE
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            status = 70
            try:
                os.close(reading)
                os.setpgid(0, 0)  # a mutant may end all processes of its group
                bounded(allowed)
                silence()
                alone()
                if not change():
                    os._exit(3)
                for cache in self.caches:
                    cache.cache_clear()
                status = self._noticed(order, writing)
            finally:
                os._exit(status)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            told = pipe.read()
        _, status = os.waitpid(pid, 0)
        code = os.waitstatus_to_exitcode(status)
        return {ALIVE: "alive", 3: "cannot"}.get(code, "killed"), int(told) if told else None

    def _noticed(self, order, writing):
        """The number of the first test that fails is written; with the fixtures that are there, then without."""
        anew = [number for number in order if shares_fixtures(self.session.items[number])]
        for numbers, kept in ((order, self.session.items[order[0]]), (anew, None)):
            self.session._setupstate.teardown_exact(kept)
            items = [self.session.items[number] for number in numbers]
            for number, item, following in zip(numbers, items, [*items[1:], *items[:1]], strict=True):
                self.reports.clear()
                self._run(item, following)
                if self.reports:
                    os.write(writing, str(number).encode())
                    return 1
        return ALIVE

    def _anew(self, path, code, order):
        """Judge in a new process that loads the module from the changed code."""
        tests = [self.session.items[n].nodeid for n in order]
        if not tests:
            return "no test"
        allowed = round(sum(self.seconds[n] for n in order) * SLOWER) + 3 * GRACE
        name = module_name(path)
        pid = os.fork()
        if pid == 0:
            try:
                os.setpgid(0, 0)
                bounded(allowed)
                silence()
                alone()
                forgotten = [m for m in sys.modules if m.startswith(("psa_evidence", "tests", "conftest", "test_"))]
                for module in forgotten:
                    del sys.modules[module]
                sys.meta_path.insert(0, Mutated(name, str(path.resolve()), code))
                os._exit(int(pytest.main([*QUIET, *tests])))
            finally:
                os._exit(70)
        _, status = os.waitpid(pid, 0)
        return "alive" if os.waitstatus_to_exitcode(status) == 0 else "killed"


def shares_fixtures(item):
    """Whether a test has fixtures of ours that other tests have too: they were made before the change."""
    last = [defined[-1] for defined in item._fixtureinfo.name2fixturedefs.values()]
    return any(each.scope != "function" and not each.func.__module__.startswith("_pytest") for each in last)


def functions(code):
    """The outermost functions of a module, by name and line: those whose code can be exchanged in place."""
    found = {}
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            if inner.co_flags & 2:  # CO_NEWLOCALS: a function; without it a class body
                found[inner.co_qualname, inner.co_firstlineno] = inner
            else:
                found |= functions(inner)
    return found


def living(files):
    """Every function there is whose code comes from `files`, by that code. Looked for once: a child that looks through
    all objects copies the memory it shares with its parent."""
    found = defaultdict(list)
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__.co_filename in files:
            found[each.__code__].append(each)
    return found


def remembering():
    """Functions of ours that remember their answers: the honest ones would be given in place of a mutant's."""
    return [
        each
        for each in gc.get_objects()
        if isinstance(each, functools._lru_cache_wrapper) and str(each.__module__).startswith("psa_evidence")
    ]


def exchanged(changed, found):
    """Put the new code in place of the old in every living function; whether that was possible."""
    for old, new in changed:
        if old not in found or any(len(f.__code__.co_freevars) != len(new.co_freevars) for f in found[old]):
            return False
        for each in found[old]:
            each.__code__ = new
    return True


def constants(path, code):
    """Give the constants of a module their changed values, wherever they are known by their names; whether any did."""
    module = sys.modules[module_name(path)]
    scratch = types.ModuleType(module.__name__)
    scratch.__file__ = module.__file__
    exec(code, scratch.__dict__)
    plain = (int, float, str, bytes, tuple, frozenset, dict, re.Pattern)
    done = False
    for name, new in list(vars(scratch).items()):
        old = vars(module).get(name)
        if name.startswith("__") or not isinstance(new, plain) or type(old) is not type(new) or old == new:
            continue
        for other in [m for n, m in sys.modules.items() if n.startswith("psa_evidence")]:
            if vars(other).get(name) is old:
                setattr(other, name, new)
                done = True
    return done


def module_name(path):
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def bounded(seconds):
    """End this process after so much time of the processor."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.alarm(seconds * WAITING)


def silence():
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)


def alone():
    """Skip tests that start a process of their own: it would run the honest code, and what it answers could tell every
    mutant from that."""

    def skipped(*_, **__):
        pytest.skip("a process of its own does not have the mutant")

    subprocess.Popen.__init__ = skipped


class Mutated(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module from other code."""

    def __init__(self, name, path, code):
        self.name, self.path, self.code = name, path, code

    def find_spec(self, fullname, path=None, target=None):
        return (
            importlib.util.spec_from_file_location(fullname, self.path, loader=self) if fullname == self.name else None
        )

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        exec(self.code, module.__dict__)


class Out:
    """What is known of each mutant: one line of JSON each, appended as it is found."""

    def __init__(self, path, again):
        self.path, self.known = path, {}
        if path and path.exists():
            for line in path.read_text("utf-8").splitlines():
                kept = json.loads(line)
                self.known[kept["mutant"]] = kept["verdict"]
        if again:
            self.known = {name: verdict for name, verdict in self.known.items() if verdict == "killed"}

    def write(self, name, verdict, text):
        self.known[name] = verdict
        if self.path:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"mutant": name, "verdict": verdict, "line": text}) + "\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("place", type=Path, help="a module, or a folder with all of its modules")
    parser.add_argument("tests", nargs="+")
    parser.add_argument("--modules", default="", help="only these, by name, with commas, in this order")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--every", type=int, default=1, help="of each module only every Nth mutant, a sample")
    parser.add_argument("--again", action="store_true", help="judge again what lives in the file of --out")
    parser.add_argument("--budget", type=float, default=BUDGET, help="seconds of tests for each mutant")
    given = parser.parse_args()
    modules = sorted(given.place.glob("*.py")) if given.place.is_dir() else [given.place]
    if given.modules:
        modules = [given.place / name for name in given.modules.split(",")]
    modules = [path for path in modules if path.stat().st_size]
    plugin = Mutating(modules, Out(given.out, given.again), given.every, given.budget)
    sys.exit(int(pytest.main([*QUIET[1:], *given.tests], plugins=[plugin])))


if __name__ == "__main__":
    main()

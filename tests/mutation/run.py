"""Mutation testing, by hand: one small change at a time in a module, and the tests that should notice it.

    python tests/mutation/run.py psa_evidence/format/merkle.py tests/format/test_merkle.py [more tests]

Prints each mutant that the tests let live, then the numbers. A mutant is killed when a test fails or the tests take ten
times as long as they do without it. The module is changed in memory only. For systems with fork (Linux, macOS): the
libraries are loaded once, and each mutant lives in a child process.
"""

import ast
import copy
import importlib
import importlib.abc
import importlib.util
import os
import signal
import sys
import time
from pathlib import Path

COMPARED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
COMPUTED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.LShift: ast.RShift,
    ast.RShift: ast.LShift, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.BitXor: ast.BitOr, ast.Mod: ast.Add,
}  # fmt: skip
SLOWER = 10
LIBRARIES = ("bagit", "cryptography.x509", "hypothesis", "pydantic", "pypdf", "pytest", "rfc8785")
"""Loaded once for all mutants."""


def changes(node):
    """What can be done to one node: pairs of words and a function that changes the node, or gives another for it."""
    if isinstance(node, ast.Compare):
        for place, op in enumerate(node.ops):
            if other := COMPARED.get(type(op)):
                yield f"{type(op).__name__} -> {other.__name__}", lambda n, p=place, o=other: n.ops.__setitem__(p, o())
    elif isinstance(node, ast.BoolOp):
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield f"-> {other.__name__}", lambda n, o=other: setattr(n, "op", o())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not removed", lambda n: n.operand
    elif isinstance(node, (ast.BinOp, ast.AugAssign)) and (other := COMPUTED.get(type(node.op))):
        yield f"{type(node.op).__name__} -> {other.__name__}", lambda n, o=other: setattr(n, "op", o())
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield "bool turned", lambda n: setattr(n, "value", not n.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield f"{node.value} + 1", lambda n: setattr(n, "value", n.value + 1)
    elif isinstance(node, (ast.If, ast.IfExp, ast.While)) and not isinstance(node.test, (ast.Compare, ast.UnaryOp)):
        yield "condition turned", lambda n: setattr(n, "test", ast.UnaryOp(ast.Not(), n.test))
    elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield "returns None", lambda n: setattr(n, "value", ast.Constant(None))
    elif isinstance(node, (ast.Raise, ast.Continue)) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    ):
        yield f"{type(node).__name__} removed", lambda _: ast.Pass()


def _is_none(node):
    return isinstance(node, ast.Constant) and node.value is None


def mutants(source):
    """(line, words, source) of each."""
    tree = ast.parse(source)
    skipped = {id(x) for n in ast.walk(tree) if isinstance(n, (ast.JoinedStr, ast.arguments)) for x in ast.walk(n)}
    skipped |= {id(x) for n in ast.walk(tree) if isinstance(n, ast.AnnAssign) for x in ast.walk(n.annotation)}
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.returns is not None]
    skipped |= {id(x) for n in functions for x in ast.walk(n.returns)}
    nodes = list(ast.walk(tree))
    for number, node in enumerate(nodes):
        if id(node) in skipped:
            continue
        for which, (words, _) in enumerate(changes(node)):
            other = copy.deepcopy(tree)
            found = list(ast.walk(other))[number]
            new = list(changes(found))[which][1](found)
            if isinstance(new, ast.AST):
                other = Replace(found, ast.copy_location(new, found)).visit(other)
            yield node.lineno, words, ast.unparse(ast.fix_missing_locations(other))


class Replace(ast.NodeTransformer):
    def __init__(self, old, new):
        self.old, self.new = old, new

    def visit(self, node):
        return self.new if node is self.old else self.generic_visit(node)


class Mutated(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module from other source."""

    def __init__(self, name, path, source):
        self.name, self.path, self.source = name, path, source

    def find_spec(self, fullname, path=None, target=None):
        return (
            importlib.util.spec_from_file_location(fullname, self.path, loader=self) if fullname == self.name else None
        )

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        exec(compile(self.source, self.path, "exec"), module.__dict__)


def child(name, path, source, tests):
    """Run the tests in this process, silently; exit 0 when all pass."""
    sys.meta_path.insert(0, Mutated(name, str(path), source))
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    import pytest

    os._exit(
        int(
            pytest.main(
                [
                    "-x",
                    "-q",
                    "-p",
                    "no:cacheprovider",
                    "--hypothesis-seed=0",
                    "-W",
                    "ignore::pytest.PytestAssertRewriteWarning",
                    *tests,
                ]
            )
        )
    )


def judged(name, path, source, tests, seconds):
    """Whether the tests pass, and how long they took. A child that takes longer than `seconds` is ended."""
    begun = time.monotonic()
    pid = os.fork()
    if pid == 0:
        try:
            signal.alarm(max(1, round(seconds)))
            child(name, path, source, tests)
        finally:
            os._exit(70)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status) == 0, time.monotonic() - begun


def main():
    path, *tests = sys.argv[1:]
    path = Path(path)
    name = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
    for library in LIBRARIES:
        importlib.import_module(library)

    source = path.read_text("utf-8")
    passes, seconds = judged(name, path, source, tests, 600)
    if not passes:
        sys.exit("the tests fail without a mutant")
    alive = total = 0
    for line, words, mutant in mutants(source):
        total += 1
        passes, _ = judged(name, path, mutant, tests, seconds * SLOWER + 2)
        if passes:
            alive += 1
            sys.stdout.write(f"{path}:{line}: {words}: {source.splitlines()[line - 1].strip()}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{path}: {total} mutants, {total - alive} killed, {alive} alive\n")


if __name__ == "__main__":
    main()

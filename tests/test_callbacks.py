"""Every callback that is handed to the event loop is guarded: what it raises becomes a defect, and not a line of a log.

The sources are read, so that a new callback cannot be forgotten; `test_defects` makes each of them raise.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import emulator

PACKAGE = Path(emulator.__file__).parent
NOT_THE_MODULE = ("lab", "testing", "dialogue")
"""Servers, contracts and players, which run outside of it."""

CALLBACK_AT = {
    "call_at": 1,
    "call_later": 1,
    "call_soon": 0,
    "call_soon_threadsafe": 0,
    "add_reader": 1,
    "add_writer": 1,
    "add_done_callback": 0,
}
"""Where the callback stands among the arguments of each call."""

HARMLESS = {
    "readable.set": "sets an event",
    "passed.set": "sets an event",
    "stop.set": "sets an event",
    "self._stopping.set": "sets an event",
    "retrieve": "looks at the exception of a task",
    "_end": "catches what it raises",
    "stream.give_up": "is guarded by TcpStream",
    "self._clients.discard": "takes a task out of a set",
    "self._tasks.discard": "takes a task out of a set",
    "lambda _: outcome.close()": "closes a coroutine",
    "lambda _: work.close()": "closes a coroutine",
    "lambda: scope.reschedule(loop.time())": "is cancelled before its scope ends",
    "lambda _: wake(done.set)": "sets an event of a greenlet",
    "_switch_off": "starts a coroutine that catches all",
    "callback": "the clock hands on what it is given; `call_at` is looked at where it is called",
}
"""Callbacks that cannot raise, and why."""

TASKS = {
    "connect()": "DeviceSocket takes its result, or abandons it",
    "self._open(port)": "FtpSession takes its result, or abandons it",
    "self._run(close)": "is shielded and waited for; `retrieve` looks at it",
    "self._conclude(reason)": "catches all",
    "self._wait(outcome, calls)": "catches all, and ends in a guarded method",
    "attempt": "#SGACT takes its result, or leaves it to `retrieve`",
    "self._open(number, settings, protection)": "HttpClient takes its result, or leaves it to `retrieve`",
    "work": "FtpClient takes its result, or leaves it to `retrieve`",
    "find()": "Once waits for it, for whoever asks",
    "run()": "reporting_task, which catches all",
}
"""Coroutines of tasks, and what becomes of their exceptions."""

PROTOCOL = {
    "connection_made",
    "connection_lost",
    "data_received",
    "eof_received",
    "pause_writing",
    "resume_writing",
    "datagram_received",
    "error_received",
}
"""Methods of an `asyncio.Protocol` that the event loop calls."""

TRIVIAL = {"pause_writing", "eof_received"}
"""Those that set a flag, or call a guarded method."""


def sources() -> Iterator[Path]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.relative_to(PACKAGE).parts[0] not in NOT_THE_MODULE:
            yield path


def guarded_methods(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield class and method of each that is decorated."""
    for klass in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        for method in (node for node in klass.body if isinstance(node, ast.FunctionDef)):
            if any(isinstance(name, ast.Name) and name.id == "guarded" for name in method.decorator_list):
                yield klass.name, method.name


def all_guarded() -> set[str]:
    """Every guarded method of the package, as `Class.method`."""
    return {
        f"{klass}.{method}"
        for path in sources()
        for klass, method in guarded_methods(ast.parse(path.read_text(encoding="utf-8")))
    }


def callbacks(tree: ast.AST) -> Iterator[ast.expr]:
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if isinstance(call.func, ast.Attribute) and call.func.attr in CALLBACK_AT:
            place = CALLBACK_AT[call.func.attr]
            if len(call.args) > place:
                yield call.args[place]


def is_guarded(callback: ast.expr, tree: ast.AST) -> bool:
    """Whether it is a guarded method of a class in this file, perhaps with arguments, or wrapped by `reporting`."""
    if isinstance(callback, ast.Call) and isinstance(callback.func, ast.Name):
        if callback.func.id == "partial":
            return is_guarded(callback.args[0], tree)
        return callback.func.id == "reporting"
    if isinstance(callback, ast.Attribute) and ast.unparse(callback.value) == "self":
        return callback.attr in {method for _, method in guarded_methods(tree)}
    if isinstance(callback, ast.Name):
        wrapped = (node for node in ast.walk(tree) if isinstance(node, ast.Assign))
        return any(
            ast.unparse(node.targets[0]) == callback.id and ast.unparse(node.value).startswith("reporting(")
            for node in wrapped
        )
    return False


@pytest.mark.parametrize("path", list(sources()), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_what_is_handed_to_the_event_loop_is_guarded(path: Path) -> None:
    """By `@guarded`, by `reporting`, or it is in the short list of what cannot raise."""
    tree = ast.parse(path.read_text(encoding="utf-8"))

    bare = [ast.unparse(each) for each in callbacks(tree) if not is_guarded(each, tree)]

    assert [each for each in bare if each not in HARMLESS] == []


@pytest.mark.parametrize("path", list(sources()), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_methods_of_a_protocol_are_guarded(path: Path) -> None:
    """The event loop calls them by their names."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    guarded = set(guarded_methods(tree))
    for klass in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        bases = {ast.unparse(base) for base in klass.bases}
        if bases & {"asyncio.Protocol", "asyncio.DatagramProtocol", "TcpStream"}:
            methods = {node.name for node in klass.body if isinstance(node, ast.FunctionDef)}
            bare = {method for method in methods & PROTOCOL - TRIVIAL if (klass.name, method) not in guarded}

            # forgetting the transport cannot fail
            assert bare <= ({"connection_lost"} if klass.name == "UdpSocket" else set())


@pytest.mark.parametrize("path", list(sources()), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_somebody_takes_the_exception_of_each_task(path: Path) -> None:
    """A task that nobody waits for is started by `reporting_task`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    started = [
        ast.unparse(node.args[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("create_task", "ensure_future"))
    ]

    assert [coroutine for coroutine in started if coroutine not in TASKS] == []

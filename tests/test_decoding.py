"""Types are decoded in several threads at once, as by modems that start together."""

import subprocess
import sys

_TWO_THREADS = """
import sys, threading, msgspec
from emulator.decoding import convert, decode_json

class Inner(msgspec.Struct):
    number: int

class Outer(msgspec.Struct):
    inner: Inner
    names: dict[str, int]

began, seen, decoded = threading.Event(), [], []

def in_the_midst(frame, event, argument):
    seen.append(frame.f_code.co_name)
    if seen.count("get_class_annotations") == 2:    # that of Inner, while Outer is half-made
        began.set()
        other.join(0.5)             # lets the other thread decode, unless that waits

def first():
    sys.settrace(in_the_midst)
    decoded.append(decode_json(b'{"inner": {"number": 1}, "names": {"a": 2}}', Outer))

def second():
    began.wait()
    decoded.append(convert({"inner": {"number": 1}, "names": {"a": 2}}, Outer))

other = threading.Thread(target=second)
other.start()
thread = threading.Thread(target=first)
thread.start()
thread.join()
other.join()
for each in decoded:
    print(each)
"""


def test_a_type_that_two_threads_use_first_is_whole_for_both() -> None:
    """The one waits for the other; without that the process crashes."""
    done = subprocess.run([sys.executable, "-c", _TWO_THREADS], capture_output=True, text=True, timeout=60)

    assert (0, ["Outer(inner=Inner(number=1), names={'a': 2})"] * 2) == (done.returncode, done.stdout.splitlines())

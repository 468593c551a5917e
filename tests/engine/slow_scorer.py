"""A scorer that takes its time, run as a process of its own by the tests of interrupted runs."""

from __future__ import annotations

import argparse
import importlib.util
import logging
import resource
import signal
import sys
import time
from pathlib import Path

from stance.engine import analyze_many, score
from stance.errors import StanceError
from stance.extract.extractor import RuleExtractor


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("source")
    parser.add_argument("output")
    parser.add_argument("seconds", type=float, help="that a part takes")
    parser.add_argument("--part-rows", type=int, default=5)
    parser.add_argument("--file-limit", type=int, help="bytes that a file may have")
    parser.add_argument("--peak", action="store_true", help="print the peak of memory in KB")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO)
    spec = importlib.util.spec_from_file_location("fakes", Path(__file__).with_name("conftest.py"))
    assert spec is not None and spec.loader is not None
    fakes = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fakes)

    class Slow(fakes.Fake):
        def predict(self, *arguments, **options):
            if not self.asked_before:
                sys.stdout.write("scoring\n")
                sys.stdout.flush()
                self.asked_before = True
            time.sleep(given.seconds)
            answers = super().predict(*arguments, **options)
            self.calls.clear()
            self.asked.clear()
            return answers

        asked_before = False

    if given.file_limit:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (given.file_limit, given.file_limit))
    try:
        options = {"output": given.output, "classifier": Slow()}
        if Path(given.source).is_dir():
            analyze_many(given.source, "troops", extractor=RuleExtractor(), **options)
        else:
            score(given.source, "troops", part_rows=given.part_rows, **options)
    except StanceError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    if given.peak:
        sys.stdout.write(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""A scorer on a local Ray cluster, run as a process of its own; a worker of it kills itself."""

from __future__ import annotations

import argparse
import importlib.util
import os
import signal
import sys
import time
from pathlib import Path

from stance.engine import RayEngine, analyze_many, score
from stance.errors import StanceError
from stance.extract.extractor import RuleExtractor


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("source")
    parser.add_argument("output")
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--die", type=Path, help="a file that is there once a worker died")
    parser.add_argument("--seconds", type=float, default=0.0, help="that a part takes")
    parser.add_argument("--strict", action="store_true")
    given = parser.parse_args()
    spec = importlib.util.spec_from_file_location("fakes", Path(__file__).with_name("conftest.py"))
    assert spec is not None and spec.loader is not None
    fakes = importlib.util.module_from_spec(spec)
    sys.modules["fakes"] = fakes
    spec.loader.exec_module(fakes)
    # A machine that does other work, too, may be slow to start.
    os.environ["RAY_raylet_start_wait_time_s"] = "600"
    os.environ["RAY_worker_register_timeout_seconds"] = "600"
    import ray

    ray.cloudpickle.register_pickle_by_value(fakes)  # workers have no such module
    ray.init(
        num_cpus=given.workers, include_dashboard=False, log_to_driver=False, logging_level="error"
    )

    class Mortal(fakes.Fake):
        def predict(self, statements, *arguments, **options):
            time.sleep(given.seconds)
            if given.die and "last words" in statements[0]:
                try:
                    given.die.touch(exist_ok=False)
                except FileExistsError:
                    pass
                else:
                    os.kill(os.getpid(), signal.SIGKILL)
            return super().predict(statements, *arguments, **options)

    options = {
        "output": given.output,
        "classifier": Mortal(),
        "engine": RayEngine(given.workers),
        "strict": given.strict,
    }
    try:
        if Path(given.source).is_dir():
            analyze_many(given.source, "troops", extractor=RuleExtractor(), **options)
        else:
            score(given.source, "troops", part_rows=5, **options)
    except StanceError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`make torture`, or `python -m bench.torture [faults|interruptions|kills|latencies|dev|prod ...] [--share 0.1]`.

Breaks runs of the checked-in stacks, and sees where the next ones end. A whole run writes docs/reliability.md;
exit code 1 when something does not hold.
"""

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

os.environ.setdefault("GRPC_VERBOSITY", "NONE")

from .jobs import Done, do, jobs, measure
from .page import table, write


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.torture")
    parser.add_argument("only", nargs="*", help="kinds or stacks")
    parser.add_argument("--share", type=float, default=1.0, help="of the seeds")
    options = parser.parse_args()
    began, wanted = time.monotonic(), jobs(options.only, options.share)
    results: list[Done] = []
    # Processes that are not forked: an engine has threads.
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        stacks = sorted({job.stack for job in wanted})
        ends = dict(zip(stacks, pool.map(measure, stacks), strict=True))
        for finished in as_completed([pool.submit(do, job, ends[job.stack]) for job in wanted]):
            done = finished.result()
            results.append(done)
            print(f"{done.job.kind} {done.job.stack} {done.job.seeds}: {done.counts} {done.seconds:.0f} s", flush=True)
            for failure in done.failures:
                print(f"  {failure}", flush=True)
    seconds = time.monotonic() - began
    print(table(results, seconds))
    if not options.only and options.share == 1:
        write(results, seconds)
    return int(any(done.failures for done in results))


if __name__ == "__main__":
    sys.exit(main())

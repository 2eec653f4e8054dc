"""Signed certificates by two processes, as two workers share them: seconds, processor, memory.

    python -m tests.bench.two_workers [200]

Each process lays out and signs its half in batches, in the children that a worker prints in. The seconds mean something
on a machine at rest; the processor's do in any case. The memory is the most that a process or a child of its held.
"""

import resource
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from multiprocessing import get_context

from awards_app.adapters.pdf import render_certificates, signed
from awards_app.adapters.pdf.child import printed_apart
from awards_app.domain.papers import CertificateText
from tests.bench.papers import BATCH, INSTANT, a_seal, a_text

WORKERS = 2
SECONDS = 300.0
# In KiB, of the process and of the largest of its children.
Used = tuple[float, list[int]]


def half(numbers: Sequence[int], is_ready: Callable[[], object]) -> Used:
    """Print and sign; return the seconds of processor and the memory of each child after its batch."""
    seal = a_seal()
    printed_apart(partial(_papers, [a_text(numbers[0])], seal), seconds=SECONDS)
    is_ready()
    before, held = _cpu(), []
    for start in range(0, len(numbers), BATCH):
        texts = [a_text(number) for number in numbers[start : start + BATCH]]
        papers = printed_apart(partial(_papers, texts, seal), seconds=SECONDS)
        kept = [signed(paper, seal) for paper in papers]
        if len(kept) != len(texts):
            raise ValueError("certificates are missing")
        held.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    held.append(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    return _cpu() - before, held


def _papers(texts: Sequence[CertificateText], seal: object) -> list[bytes]:
    return render_certificates(
        texts,
        identifiers=[text.number for text in texts],
        created_at=INSTANT,
        seal=seal,  # type: ignore[arg-type]  # a seal, which a partial hands over
    )


def _cpu() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def _work(numbers: Sequence[int], barrier: object, told: object) -> None:
    told.put(half(numbers, barrier.wait))  # type: ignore[attr-defined]  # of multiprocessing, which has no public types


def main(words: list[str]) -> int:
    """Print the figures."""
    count = int(words[0]) if words else 200
    context = get_context("spawn")
    barrier, told = context.Barrier(WORKERS + 1), context.Queue()
    shares: Iterable[list[int]] = (list(range(rank, count, WORKERS)) for rank in range(WORKERS))
    processes = [context.Process(target=_work, args=(share, barrier, told)) for share in shares]
    for process in processes:
        process.start()
    barrier.wait()
    started = time.monotonic()
    used = [told.get() for _ in processes]
    seconds = time.monotonic() - started
    for process in processes:
        process.join()
    cpu = sum(one for one, _held in used)
    print(
        f"{count} certificats signés, {WORKERS} processus : {seconds:.1f} s, processeur {cpu:.1f} s", end=""
    )
    print(f" ({1000 * cpu / count:.1f} ms chacun)")
    for _cpu_used, held in used:
        *workers, child = (kib // 1024 for kib in held)
        print(f"mémoire, Mio : processus {workers[0]} puis {workers[-1]}, enfant au plus {child}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""`python -IS launch.py STDOUT COMMAND`: runs one program and prints what it took, as JSON.

A process of its own and a small one: what the system tells as the largest memory of a program starts with that of the
process that started it.
"""

import json
import os
import sys
import time


def main(stdout: str, command: list[str]) -> None:
    """Standard output: seconds on the clock, seconds of the processor, KiB of the largest process, exit code."""
    actions = [
        (os.POSIX_SPAWN_OPEN, 1, stdout, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    begin = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - begin
    processor = usage.ru_utime + usage.ru_stime
    sys.stdout.write(json.dumps([wall, processor, usage.ru_maxrss, os.waitstatus_to_exitcode(status)]))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])

"""python -m tests.keeping.killed POINT: the desk of writer.py at work, until the system kills the
process (SIGKILL) right after so many statements to the database, whatever it was about to do."""

import os
import signal
import sys
from itertools import count

from tests.keeping import writer

from django.db import connection  # isort: skip - writer sets Django up


def main(point: int) -> None:
    statements = count(1)

    def execute(execute, sql, params, many, context):
        done = execute(sql, params, many, context)
        if next(statements) == point:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    with connection.execute_wrapper(execute):
        writer.main(steps=point)  # each takes more than one statement


if __name__ == "__main__":
    main(int(sys.argv[1]))

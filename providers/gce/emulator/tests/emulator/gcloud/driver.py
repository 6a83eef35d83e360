"""Runs many gcloud commands in one process. gcloud takes seconds to start, and most commands take less than one.

    python3 driver.py FOLDER_OF_THE_SDK

Reads one command per line, as a JSON list of arguments. Answers each with one line: {"code", "out", "err"}.
"""

import json
import os
import sys
import tempfile

root = os.path.join(sys.argv[1], "lib")
sys.path[:0] = [root, os.path.join(root, "third_party")]
answers = os.fdopen(os.dup(1), "w")


def captured(run):
    """Runs with the descriptors of stdout and stderr redirected to files: gcloud keeps both from its start."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        os.dup2(out.fileno(), 1)
        os.dup2(err.fileno(), 2)
        code = run()
        sys.stdout.flush()
        sys.stderr.flush()
        out.seek(0)
        err.seek(0)
        return {"code": code, "out": out.read().decode(), "err": err.read().decode()}


def execute(arguments):
    try:
        cli.Execute(arguments, call_arg_complete=False)
    except SystemExit as end:
        return end.code or 0
    return 0


from googlecloudsdk import gcloud_main  # noqa: E402, it is in the SDK's folder

cli = gcloud_main.CreateCLI([])
for line in sys.stdin:
    answer = captured(lambda: execute(json.loads(line)))
    answers.write(json.dumps(answer) + "\n")
    answers.flush()

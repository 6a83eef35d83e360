#!/usr/bin/env python3
"""Measures what each feature of the facade costs to compile, and prints the table of docs/compile-cost.md.

    python3 benches/compile_cost.py TARGET_DIR

Builds the library once for each set of features, all in one target folder, which must be empty. A unit that several sets
share is compiled once and counts in each of them. The figures are seconds of CPU time, of the compiler and of build
scripts, so they hardly depend on the number of cores and on other load.

Cargo calls this program in place of rustc as well (RUSTC_WRAPPER). It then notes the time of the unit.
"""

import json
import os
import resource
import subprocess
import sys

LOG = "LANDFORM_COMPILE_COST"
SETS = [
    ("nothing: the engine, the stores of files, the embedded cloud", []),
    ("`aws`: declarations", ["aws"]),
    ("`gce`: declarations", ["gce"]),
    ("`vpc`", ["vpc"]),
    ("`kops`", ["kops"]),
    ("the default: `aws`, `vpc`, `kops`", ["default"]),
    ("`cli`", ["cli"]),
    ("`encryption`", ["encryption"]),
    ("`http`", ["http"]),
    ("`pki`", ["pki"]),
    ("`terraform`", ["terraform"]),
    ("`bindings`", ["bindings"]),
    ("`postgres`", ["postgres"]),
    ("`object-store`", ["object-store"]),
    ("`gce` and `gce-client`: Google's calls", ["gce", "gce-client"]),
    ("`aws` and `aws-client`: AWS's calls", ["aws", "aws-client"]),
    ("all features", None),
]


def as_rustc(command):
    """Runs the compiler and notes the time of its unit."""
    status = subprocess.run(command).returncode
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    extra = [word for word in command if word.startswith("extra-filename=")]
    if extra and "--crate-name" in command:
        name = command[command.index("--crate-name") + 1]
        with open(os.environ[LOG], "a") as log:
            unit = name + extra[0].removeprefix("extra-filename=")
            own = resource.getrusage(resource.RUSAGE_SELF)
            log.write(f"{unit} {used.ru_utime + used.ru_stime} {own.ru_utime + own.ru_stime}\n")
    sys.exit(status)


def units(log):
    """The times of the units so far, and that of this program."""
    if not os.path.exists(log):
        return {}, 0.0
    with open(log) as lines:
        words = [line.split() for line in lines]
    return {unit: float(time) for unit, time, _ in words}, sum(float(own) for _, _, own in words)


def build(features, target, log):
    """Builds a set. Returns its units and its build scripts, and the CPU time of the build."""
    command = ["cargo", "build", "-p", "landform", "--lib", "--message-format=json"]
    command += ["--all-features"] if features is None else ["--no-default-features"]
    command += ["--features", ",".join(features)] if features else []
    env = os.environ | {
        LOG: log,
        "CARGO_INCREMENTAL": "0",
        "CARGO_TARGET_DIR": target,
        "RUSTC_WRAPPER": os.path.abspath(__file__),
    }
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    messages = [json.loads(line) for line in done.stdout.splitlines()]
    files = {name for message in messages for name in message.get("filenames", [])}
    stems = {os.path.basename(name).split(".")[0].removeprefix("lib") for name in files}
    # A build script's file has another name than its unit.
    folders = {os.path.basename(os.path.dirname(name)) for name in files if "/build/" in name}
    scripts = {message["package_id"] for message in messages if message["reason"] == "build-script-executed"}
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return stems | {f"build_script_build-{folder.rsplit('-', 1)[-1]}" for folder in folders}, scripts, used


def main(target):
    if os.path.exists(target) and os.listdir(target):
        sys.exit(f"{target} is not empty: units in it would count nothing")
    os.makedirs(target, exist_ok=True)
    log = os.path.join(os.path.abspath(target), "units.log")
    of_scripts, rows, nothing = {}, [], 0.0
    for title, features in SETS:
        known, own = units(log)
        of_set, scripts, used = build(features, os.path.abspath(target), log)
        times, own_now = units(log)
        # What no compiler used, the new build scripts used: their C code, mostly.
        new = [script for script in scripts if script not in of_scripts]
        rest = max(used - (own_now - own) - sum(times[unit] for unit in times.keys() - known.keys()), 0.0)
        of_scripts |= {script: rest / len(new) for script in new}
        cost = sum(times.get(unit, 0.0) for unit in of_set) + sum(of_scripts[script] for script in scripts)
        nothing = nothing or cost
        rows.append((title, len(of_set & times.keys()), cost, cost - nothing))
        print(f"{title}: {cost:.0f} s", file=sys.stderr, flush=True)
    print("| features | units | CPU time | more than nothing |")
    print("|---|---:|---:|---:|")
    for title, count, cost, more in rows:
        print(f"| {title} | {count} | {cost:.0f} s | {more:.0f} s |")


if __name__ == "__main__":
    if os.environ.get(LOG) and len(sys.argv) > 1 and os.path.basename(sys.argv[1]).startswith("rustc"):
        as_rustc(sys.argv[1:])
    elif len(sys.argv) == 2:
        main(sys.argv[1])
    else:
        sys.exit(__doc__)

"""Printing figures, for people or as JSON."""

import argparse
import json
import os
import platform


def main(measure, about):
    """Run a measurement from the command line."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    asked = parser.parse_args()
    show({about.split("\n")[0]: measure()}, asked.json)


def show(groups, as_json):
    """Print groups of figures: {title: {name: value}}."""
    if as_json:
        text = json.dumps({"machine": machine(), **groups}, ensure_ascii=False, indent=1)
    else:
        text = "\n\n".join(
            "\n".join([title, *(f"  {value!s:>10}  {name}" for name, value in figures.items())])
            for title, figures in groups.items()
        )
    os.write(1, f"{text}\n".encode())


def machine():
    """What the figures were measured on, and how busy it was with other things, in one line."""
    load = os.getloadavg()[1]
    return (
        f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, "
        f"load average of the last five minutes {load:.1f}"
    )

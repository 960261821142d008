"""The `contest` program: scoring from files at once, everything else through Flask."""

import sys

from contest.offline import command


def main():
    """Run a command; those that need no database load neither Flask nor SQLAlchemy."""
    if sys.argv[1:2] and sys.argv[1] in command.NAMES:
        sys.exit(command.main(sys.argv[1:]))
    from contest.cli import main as program

    program()


if __name__ == "__main__":
    main()

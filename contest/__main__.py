"""The `contest` program: scoring from files at once, everything else through Flask."""

import sys

from contest.offline import archive_check, command


def main():
    """Run a command; those that need no database load neither Flask nor SQLAlchemy."""
    if sys.argv[1:2] and sys.argv[1] in command.NAMES:
        sys.exit(command.main(sys.argv[1:]))
    if sys.argv[1:2] == ["verify-bulletin"]:
        from contest.offline import verify_bulletin

        sys.exit(verify_bulletin.main(sys.argv[2:]))
    if sys.argv[1:2] == ["verify-certificate"]:
        from contest.offline import verify_certificate

        sys.exit(verify_certificate.main(sys.argv[2:]))
    if sys.argv[1:2] == ["verify"] and any(map(archive_check.is_archive, sys.argv[2:])):
        from contest.offline import archive_command

        sys.exit(archive_command.main(sys.argv[2:]))
    if sys.argv[1:2] == ["public-node"]:
        from contest.commands.public_node import public_node

        sys.exit(public_node.main(sys.argv[2:], prog_name="contest public-node"))
    from contest.cli import main as program

    program()


if __name__ == "__main__":
    main()

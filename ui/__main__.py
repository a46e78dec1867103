"""The entry point of the command `easel`. It imports nothing before Ctrl-C is no traceback."""

import sys


def main() -> None:
    """Carries out the command line; Ctrl-C while the program still loads ends it without a word."""
    try:
        from ui.cli import main

        main()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()

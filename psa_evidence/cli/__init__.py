"""The command line: parse, call, render. Data goes to stdout, words for people to stderr.

Exit codes: 0 done, 1 internal error, 2 usage or configuration, 3 done in part, 4 refused by the PSA,
5 verification failed. 6 is kept for what a legal hold forbids: no command removes evidence, so none ends with it.
"""

from psa_evidence.cli.app import main

__all__ = ["main"]

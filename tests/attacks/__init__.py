"""Attacks on the sandbox: a stranger's code that tries to reach something or to do harm. README.md says how they are run."""

"""Tests of the sandbox, on real zygotes and workers."""

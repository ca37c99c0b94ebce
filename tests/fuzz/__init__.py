"""Fuzzers to be run by hand; README.md says how."""

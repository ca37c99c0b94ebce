"""Spark's APIs as adapters around a user's function. Each module is one API and one row of the catalogue."""

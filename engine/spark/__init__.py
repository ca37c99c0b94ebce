"""Real Spark as a runner: the judge of the replay. The only package that imports pyspark.

`SparkRunner` is in `engine.spark.runner`, which can be imported only when nothing is missing.
"""

from engine.spark.missing import what_is_missing

__all__ = ["what_is_missing"]

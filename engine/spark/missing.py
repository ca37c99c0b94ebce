"""Whether real Spark can run here. Lives here: that question only; no pyspark is imported."""

import importlib.util
import shutil


def what_is_missing() -> str | None:
    """None when pyspark and a JDK are there; else one line that says what to install."""
    if importlib.util.find_spec("pyspark") is None:
        return "pyspark is missing: pip install -r requirements-spark.txt"
    if shutil.which("javac") is None:
        return "a JDK is missing: install Java 17 with javac (apt-get install openjdk-17-jdk-headless)"
    return None

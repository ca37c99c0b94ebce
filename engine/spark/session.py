"""The one Spark session of a process: local, one core, quiet. Lives here: starting it, and compiling its Java helpers."""

import contextlib
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pyspark
from pyspark.java_gateway import ensure_callback_server_started
from pyspark.sql import SparkSession

_ROOT: Final = Path(__file__).resolve().parents[2]
_JAVA: Final = Path(__file__).parent / "java"

#: Short runs: one core keeps the calls of the partitions in order, and code that runs once needs no second compiler.
_JVM_OPTIONS: Final = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Duser.timezone=UTC -Dlog4j2.level=OFF"
_CONF: Final = {
    "spark.driver.memory": "1g",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.extraJavaOptions": _JVM_OPTIONS,
    "spark.executorEnv.PYTHONPATH": str(_ROOT),
    "spark.executorEnv.PYTHONWARNINGS": "ignore",
    "spark.executorEnv.TZ": "UTC",
    "spark.log.level": "OFF",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.streaming.stateStore.maintenanceInterval": "3600s",
    "spark.sql.streaming.stateStore.rocksdb.changelogCheckpointing.enabled": "true",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


@contextlib.contextmanager
def spark_session() -> Iterator[Any]:
    """A running SparkSession with our Java helpers, stopped at the end. The process is in UTC meanwhile."""
    with tempfile.TemporaryDirectory(prefix="stateline-spark-") as directory, _in_utc():
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        builder = SparkSession.builder.master("local[1]").appName("stateline")
        for name, value in _CONF.items():
            builder = builder.config(name, value)
        builder = builder.config("spark.driver.extraClassPath", str(_compiled_helpers()))
        builder = builder.config("spark.local.dir", directory).config("spark.sql.warehouse.dir", directory)
        session = builder.getOrCreate()
        try:
            ensure_callback_server_started(session.sparkContext._gateway)
            yield session
        finally:
            session.stop()


@contextlib.contextmanager
def _in_utc() -> Iterator[None]:
    """Timestamps become datetimes in the process's own time zone, in pyspark and in its workers."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()


def _compiled_helpers() -> Path:
    """The directory of our Java classes, compiled at first use and after a change."""
    sources = sorted(_JAVA.glob("*.java"))
    text = pyspark.__version__.encode() + b"".join(source.read_bytes() for source in sources)
    cache = Path.home() / ".cache" / "stateline"
    classes = cache / f"java-{hashlib.sha256(text).hexdigest()[:16]}"
    if not classes.exists():
        cache.mkdir(parents=True, exist_ok=True)
        jars = Path(pyspark.__file__).parent / "jars" / "*"
        with tempfile.TemporaryDirectory(dir=cache) as directory:
            made = Path(directory) / "classes"
            command = ["javac", "-cp", str(jars), "-d", str(made), *map(str, sources)]
            subprocess.run(command, check=True)  # noqa: S603 - our own files
            made.rename(classes)
    return classes

"""What the names of pyspark mean inside pasted code. Lives here: those names; how a function is called does not."""

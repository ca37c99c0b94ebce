"""What Spark makes of values on their way: into pandas, into the state store and back, out of the function's frames."""

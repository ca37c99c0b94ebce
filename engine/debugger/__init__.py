"""The time machine: where one stands in a trace, and how one moves. Reads traces, makes none."""

"""A StatefulProcessor and what Spark gives it: handle, state variables, timers. What its rows are is its API's module."""

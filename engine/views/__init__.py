"""Trace and cursor in, frames and sentences in the words of the screen out. Reads traces, makes none."""

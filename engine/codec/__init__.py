"""Bytes and text of the model: scenario files, trace files, and the frames in which a trace crosses a process border.

Nothing here pickles, evaluates or trusts: what comes in is decoded by types.
"""

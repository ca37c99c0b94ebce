"""Frames in, Vega-Lite specs and named datasets out. Pure: nothing is drawn on the page here, nothing is decided."""

"""The panels: one `draw` a file. A panel draws a session and sends actions; it decides nothing."""

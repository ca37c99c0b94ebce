"""Browser components: the source of each in a folder, and the few lines of Python that mount it."""

"""The replay's side of the line debugger: it traces the user's own lines. Runs in the sandbox's child, and in tests only."""

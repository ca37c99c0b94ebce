"""The attacks, a family a file. Each is source that runs in the sandbox: never call one here."""

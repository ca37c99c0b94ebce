"""The nouns: frozen data that carries its own validation. Verbs live elsewhere; nothing of ours is imported here."""

"""The pure replay: Spark's rules about batches, time, order and expiry. No API's name, no clock, no pandas in here."""

"""The offline cache: what a citizen handed in is sealed and durable here until the platform has it.

The face hands in (`outbox.Outbox.hand_in`), the uploader process delivers (`uploader.Uploader`); the SQLite
file and the spool folder are all that the two have in common.
"""

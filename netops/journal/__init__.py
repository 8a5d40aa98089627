"""The append-only log of acts: one chain by SM3, its head signed; any change is found and named."""

from netops.journal.book import Journal, Signer
from netops.journal.records import Act, Record
from netops.journal.verify import verify

__all__ = ["Act", "Journal", "Record", "Signer", "verify"]

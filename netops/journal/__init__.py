"""The append-only log of acts: one chain by SM3, its head signed; any change is found and named."""

from netops.journal.book import LOG, Check, Journal, Signer
from netops.journal.records import Act, Record
from netops.journal.verify import records, verify

__all__ = ["LOG", "Act", "Check", "Journal", "Record", "Signer", "records", "verify"]

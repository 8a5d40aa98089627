"""How the contact with a device ended, in the user's words.

JSON keeps the machine's word; what people read has these.
"""

from __future__ import annotations

from netops.facts.device import Contact
from netops.i18n import _


def spoken_contact(contact: str) -> str:
    """Return the words for a contact; a word that is none stays as it is."""
    words: dict[str, str] = {
        Contact.ANSWERED: _("answered"),
        Contact.UNREACHABLE: _("unreachable"),
        Contact.LOGIN_REFUSED: _("log-in refused"),
        Contact.HOST_KEY_CHANGED: _("host key changed"),
        Contact.HOST_KEY_UNKNOWN: _("host key not registered"),
        Contact.HUNG: _("hung"),
        Contact.DROPPED: _("dropped"),
        Contact.UNUSABLE: _("no usable answer"),
        Contact.PASSWORD_EXPIRED: _("password expired"),
        Contact.NO_CREDENTIALS: _("no credentials"),
        Contact.NOT_ASKED: _("not asked"),
    }
    return words.get(contact, contact)

"""The reflector: stands on the internet side and says from where it was asked, authenticated."""

"""What runs on a probe host: one self-contained program, sent on standard input, never stored."""

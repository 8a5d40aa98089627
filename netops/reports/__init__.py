"""Reports of audit results: terminal, JSON, CSV, JUnit, HTML, XLSX."""

from netops.reports.write import write_result

__all__ = ["write_result"]

"""The HTML report: self-contained pages, no script, made for screen and print."""

from netops.reports.html.build import ReportInput, build_pages

__all__ = ["ReportInput", "build_pages"]

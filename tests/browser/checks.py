"""What must hold of a page in a real browser. Each check returns what is wrong, in words.

The script runs in the browser's page; the report itself carries none.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from chromium import Page

SMALLEST = 11
"""Pixels of computed text."""

_TEXT = """
const small = [], faults = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const characters = new Set();
for (let node; (node = walker.nextNode());) {
  if (!node.data.trim()) continue;
  const box = node.parentElement;
  if (["STYLE", "TITLE", "title"].includes(box.tagName)) continue;
  for (const c of node.data) characters.add(c);
  // Text of a drawing shrinks with the drawing: what is drawn counts, not what is written.
  let scale = 1;
  const svg = box.closest("svg");
  if (svg && svg.viewBox.baseVal && svg.viewBox.baseVal.width)
    scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  const size = parseFloat(getComputedStyle(box).fontSize) * scale;
  if (size < SMALLEST - 0.01) small.push(`${size.toFixed(1)} px: ${node.data.trim().slice(0, 40)}`);
}
return {small: small.slice(0, 20), characters: [...characters].join("")};
"""

_WIDTH = """
const wide = [];
const room = document.documentElement.clientWidth;
if (document.documentElement.scrollWidth > room)
  wide.push(`the page: ${document.documentElement.scrollWidth} px`);
for (const box of document.querySelectorAll("body *")) {
  const rect = box.getBoundingClientRect();
  const name = `${box.tagName} ${box.textContent.trim().slice(0, 40)}`;
  if (rect.width && rect.right > room + 0.5) wide.push(`${name}: ends at ${rect.right}`);
  const flow = getComputedStyle(box).overflowX;
  if (["auto", "scroll", "hidden"].includes(flow) && box.scrollWidth > box.clientWidth && box.clientWidth
      && !box.closest("svg"))
    wide.push(`${name}: holds ${box.scrollWidth} in ${box.clientWidth}`);
}
return wide.slice(0, 20);
"""

_OVERLAPS = """
const found = [];
const hits = (a, b) => a.left < b.right - 0.5 && b.left < a.right - 0.5
  && a.top < b.bottom - 1.5 && b.top < a.bottom - 1.5;
for (const svg of document.querySelectorAll("svg")) {
  const frame = svg.getBoundingClientRect();
  const texts = [...svg.querySelectorAll("text")].map(t => [t.getBoundingClientRect(), t.textContent]);
  const marks = [...svg.querySelectorAll(".mark")].map(m => [m.getBoundingClientRect(), m.tagName]);
  texts.sort((a, b) => a[0].top - b[0].top);
  texts.forEach(([box, words], i) => {
    if (box.left < frame.left - 0.5 || box.right > frame.right + 0.5 || box.bottom > frame.bottom + 1.5)
      found.push(`${words}: leaves its drawing`);
    for (let j = i + 1; j < texts.length && texts[j][0].top < box.bottom; j++)
      if (hits(box, texts[j][0])) found.push(`${words} / ${texts[j][1]}`);
    for (const [mark, shape] of marks) if (hits(box, mark)) found.push(`${words} / ${shape}`);
  });
}
const cells = [...document.querySelectorAll("td, th")].map(c => [c, document.createRange()]);
for (const [cell, range] of cells) {
  range.selectNodeContents(cell);
  const inside = range.getBoundingClientRect(), frame = cell.getBoundingClientRect();
  if (inside.width && inside.right > frame.right + 0.5)
    found.push(`${cell.textContent.trim().slice(0, 40)}: leaves its cell`);
}
return found.slice(0, 20);
"""

_MISSING = """
const canvas = document.createElement("canvas");
canvas.width = canvas.height = 24;
const pen = canvas.getContext("2d", {willReadFrequently: true});
pen.font = "18px " + getComputedStyle(document.body).fontFamily;
pen.textBaseline = "top";
const drawn = c => {
  pen.clearRect(0, 0, 24, 24);
  pen.fillText(c, 2, 2);
  return pen.getImageData(0, 0, 24, 24).data.join();
};
// What stands for a character that no font has: the box of unassigned code points.
const boxes = new Set(["\\u{10FFFE}", "\\u{E0FF0}", "\\u0378"].map(drawn));
const blank = drawn(" ");
return WANTED.filter(c => { const d = drawn(c); return boxes.has(d) || d === blank; });
"""

_STRUCTURE = """
const links = [...document.querySelectorAll("a")].map(a =>
  a.getAttribute("href") ?? a.getAttributeNS("http://www.w3.org/1999/xlink", "href") ?? "");
const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
const active = [];
for (const box of document.querySelectorAll("*")) {
  if (["SCRIPT", "IFRAME", "OBJECT", "EMBED", "IMG", "LINK", "FORM", "BASE"].includes(box.tagName))
    active.push(box.tagName);
  for (const name of box.getAttributeNames())
    if (name.startsWith("on") || /^\\s*javascript:/i.test(box.getAttribute(name)))
      active.push(`${box.tagName} ${name}`);
}
return {links, ids, active, title: document.title};
"""


def faults_of(page: Page, path: Path, width: int = 1280) -> Iterator[str]:
    """Open a page of a report and yield everything that is wrong with it."""
    page.open(path, width)
    told = page.evaluate(f"const SMALLEST = {SMALLEST};" + _TEXT)
    yield from (f"small text: {line}" for line in told["small"])
    yield from (f"too wide: {line}" for line in page.evaluate(_WIDTH))
    yield from (f"overlap: {line}" for line in page.evaluate(_OVERLAPS))
    missing = _missing(page, told["characters"])
    if missing:
        yield f"no glyph for {''.join(missing[:20])} ({len(missing)})"
    built = page.evaluate(_STRUCTURE)
    yield from (f"active content: {line}" for line in built["active"])
    yield from _links(path, built)


_NARROW = """
const wide = [], room = document.documentElement.clientWidth;
if (document.documentElement.scrollWidth > room)
  wide.push(`the page: ${document.documentElement.scrollWidth} px`);
const scrolls = box => box && (["auto", "scroll"].includes(getComputedStyle(box).overflowX)
  || scrolls(box.parentElement));
for (const box of document.querySelectorAll("body *")) {
  const rect = box.getBoundingClientRect();
  if (rect.width && rect.right > room + 0.5 && !scrolls(box))
    wide.push(`${box.tagName} ${box.textContent.trim().slice(0, 40)}: ends at ${rect.right}`);
}
for (const head of document.querySelectorAll("th")) {
  // A heading that is broken within its words is read by nobody.
  const words = head.textContent.trim(), range = document.createRange();
  range.selectNodeContents(head);
  if (/^[A-Za-z]{3,}$/.test(words) && range.getClientRects().length > 1)
    wide.push(`${words}: broken into letters`);
}
return wide.slice(0, 20);
"""


def faults_on_a_phone(page: Page, path: Path, width: int = 360) -> Iterator[str]:
    """Open a page on a narrow screen: what is wide scrolls by itself, and the page does not."""
    page.open(path, width)
    told = page.evaluate(f"const SMALLEST = {SMALLEST};" + _TEXT)
    yield from (f"small text: {line}" for line in told["small"])
    yield from (f"too wide: {line}" for line in page.evaluate(_NARROW))


def _missing(page: Page, characters: str) -> list[str]:
    """Return the characters of a page that no font of this machine has."""
    listed = "".join(f"\\u{{{ord(c):x}}}" for c in characters if not c.isspace())
    found: list[str] = page.evaluate(f'const WANTED = [..."{listed}"];' + _MISSING)
    return found


def _links(path: Path, built: dict[str, Any]) -> Iterator[str]:
    ids = built["ids"]
    yield from (f"id used twice: {name}" for name in sorted({i for i in ids if ids.count(i) > 1}))
    for link in dict.fromkeys(built["links"]):
        name, _, fragment = unquote(link).partition("#")
        if ":" in name or name.startswith("/"):
            yield f"link leaves the report: {link}"
            continue
        target = path.parent / name if name else path
        if not target.is_file():
            yield f"link to nothing: {link}"
        elif fragment and f'id="{fragment}"' not in target.read_text(encoding="utf-8"):
            yield f"link to no place: {link}"

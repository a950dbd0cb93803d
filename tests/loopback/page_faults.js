// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong with how a page looks now, a sentence each: text beyond the page or its box, one text upon another, a
// figure parted from its unit, text that is hard to tell from its ground. The body of a function, for WebDriver.
const faults = [], pieces = [];
const short = (text) => JSON.stringify(text.trim().replace(/\s+/g, " ").slice(0, 60));
const width = document.documentElement.clientWidth;
if (document.documentElement.scrollWidth > width)
  faults.push("the page is " + document.documentElement.scrollWidth + " px wide, its window " + width);

// ---- colours ----
const parse = (colour) => (colour.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number);
function ground(element) {
  for (let e = element; e; e = e.parentElement) {
    const c = parse(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] === 1)
      return c;
  }
  return [255, 255, 255];
}
function light(c) {
  const [r, g, b] = c.slice(0, 3).map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
// WCAG 2.2, 1.4.3
function contrast(a, b) {
  const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

// ---- boxes ----
/* What the reader can scroll sideways is as wide as it likes, in a box that is within the page. */
function scroller(element) {
  for (let e = element; e && e !== document.body; e = e.parentElement)
    if (/auto|scroll/.test(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth)
      return e;
  return null;
}
/* A box of a pixel: what only those hear who are read to. */
function isForReaders(element) {
  for (let e = element; e && e !== document.body; e = e.parentElement)
    if (e.offsetWidth <= 1 && e.offsetHeight <= 1 && getComputedStyle(e).position === "absolute")
      return true;
  return false;
}
function isInside(r, box) {
  return r.left >= box.left - 1 && r.right <= box.right + 1 && r.top >= box.top - 2 && r.bottom <= box.bottom + 2;
}
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let node; (node = walker.nextNode());) {
  const element = node.parentElement, style = getComputedStyle(element);
  if (node.data.trim() === "" || element.closest("script, style, noscript, title"))
    continue;
  const scrolled = scroller(element);
  if (scrolled) {
    const r = scrolled.getBoundingClientRect();
    if (r.left < -0.5 || r.right > width + 0.5 || scrolled.tabIndex < 0)
      faults.push("beyond the page, or out of reach of the keyboard: " + short(node.data));
    continue;
  }
  const range = document.createRange();
  range.selectNodeContents(node);
  const rects = [...range.getClientRects()].filter((r) => r.width > 0);
  if (rects.length === 0 || !element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }) || isForReaders(element))
    continue;
  const box = element.closest("td, th, .tile, button, .badge, svg, p, h1, h2, figcaption, li") || document.body;
  const isSvg = element.namespaceURI.endsWith("svg");
  const around = box.getBoundingClientRect(), isBlock = box.tagName === "svg" || getComputedStyle(box).display !== "inline";
  for (const r of rects) {
    if (r.left < -0.5 || r.right > width + 0.5)
      faults.push("beyond the page: " + short(node.data));
    if (isBlock && !isInside(r, around))
      faults.push("beyond its box (" + box.tagName + "): " + short(node.data));
    pieces.push({ r: r, text: node.data, of: node });
  }
  for (let e = element; e && !isSvg && e !== document.documentElement; e = e.parentElement)
    if (/hidden|clip/.test(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth + 1)
      faults.push("cut: " + short(node.data));
  // in running text a line may end anywhere
  for (const found of element.closest("p, figcaption, li") ? [] : node.data.matchAll(/\d\s%/g)) {
    range.setStart(node, found.index);
    range.setEnd(node, found.index + found[0].length);
    if (new Set([...range.getClientRects()].filter((r) => r.width > 0).map((r) => Math.round(r.top))).size > 1)
      faults.push("a figure and its unit are parted: " + short(node.data));
  }
  const colour = parse(isSvg ? style.fill : style.color), ratio = contrast(colour, ground(element));
  if (ratio < 4.5 && !element.closest(":disabled"))
    faults.push("contrast " + ratio.toFixed(2) + ": " + short(node.data));
}
// A line's box holds more than its ink: a fifth above and below is left out (of one that is turned, left and right).
function ink(piece) {
  const r = piece.r, isTurned = r.height > 2 * r.width && piece.text.trim().length > 3;
  const x = isTurned ? r.width / 5 : 0, y = isTurned ? 0 : r.height / 5;
  return { left: r.left + x, right: r.right - x, top: r.top + y, bottom: r.bottom - y };
}
for (const piece of pieces)
  piece.ink = ink(piece);
for (const a of pieces)
  for (const b of pieces) {
    if (a.of === b.of || a.r.left > b.r.left)
      continue;
    const x = Math.min(a.ink.right, b.ink.right) - Math.max(a.ink.left, b.ink.left);
    const y = Math.min(a.ink.bottom, b.ink.bottom) - Math.max(a.ink.top, b.ink.top);
    if (x > 1 && y > 0)
      faults.push("one upon another: " + short(a.text) + " and " + short(b.text));
  }
return [...new Set(faults)];

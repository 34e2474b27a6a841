#!/usr/bin/env python3
"""Opens receipts and reports in a headless browser and says what is wrong with them.

usage: check_page.py CHROMIUM OUT PAGE...

Writes to OUT, for each page, pictures 1280 and 390 pixels wide and a PDF. Prints one line "NAME<tab>problem" for each
problem and one line "NAME<tab>ok" for each page without any. Exit code: 0 no problem, 1 some.
"""
import pathlib
import re
import subprocess
import sys

import axe_core_python
from playwright.sync_api import sync_playwright

AXE = next(pathlib.Path(axe_core_python.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")

LOOK = """() => {
  const problems = [];
  const all = (selector, root) => [...(root || document).querySelectorAll(selector)];
  if (document.scripts.length) problems.push("script elements");
  for (const element of all("*"))
    for (const attribute of element.attributes)
      if (attribute.name.startsWith("on") || /^\\s*javascript:/i.test(attribute.value)) problems.push("script in " + attribute.name);
  if (!["de", "en"].includes(document.documentElement.lang)) problems.push("no language");
  if (all("h1").length !== 1) problems.push("not one h1");
  let level = 0;
  for (const heading of all("h1, h2, h3, h4, h5, h6")) {
    const own = Number(heading.tagName[1]);
    if (own > level + 1) problems.push("heading out of order: " + heading.textContent);
    level = own;
  }
  for (const table of all("table")) {
    if (!table.caption) problems.push("table without caption");
    for (const cell of all("th", table))
      if (!["row", "col"].includes(cell.scope)) problems.push("th without scope: " + cell.textContent);
    for (const row of all("tbody tr", table))
      if (all("th[scope=row]", row).length !== 1) problems.push("row without its heading");
  }
  for (const picture of all("svg"))
    if (!picture.querySelector("title") || !picture.querySelector("desc")) problems.push("picture without words");
  if (all("link, img, iframe, object, embed, form, input, button, base").length) problems.push("foreign elements");
  return problems;
}"""


# What is cut off at the present width: text outside of its picture or on top of other text, boxes with more in them than they
# show. What a region scrolls is not cut off: it can be reached by the keyboard.
CUT = """() => {
  const problems = [];
  if (document.documentElement.scrollWidth > window.innerWidth) problems.push("wider than the screen");
  for (const picture of document.querySelectorAll("svg")) {
    const frame = picture.viewBox.baseVal;
    const boxes = [];
    for (const text of picture.querySelectorAll("text")) {
      const box = text.getBBox();
      if (!box.width) continue;
      if (box.x < -0.5 || box.y < -0.5 || box.x + box.width > frame.width + 0.5 || box.y + box.height > frame.height + 0.5)
        problems.push("outside of its picture: " + text.textContent);
      for (const [other, said] of boxes)
        if (box.x < other.x + other.width && other.x < box.x + box.width
            && box.y + 3 < other.y + other.height && other.y + 3 < box.y + box.height)
          problems.push("on top of each other: " + said + ", " + text.textContent);
      boxes.push([box, text.textContent]);
    }
  }
  for (const element of document.querySelectorAll("body *")) {
    const style = getComputedStyle(element);
    if (element.closest("thead") && getComputedStyle(element.closest("thead")).position === "absolute") continue;
    if (element.clientWidth && element.scrollWidth > element.clientWidth + 1 && ["hidden", "clip"].includes(style.overflowX))
      problems.push("cut off: " + element.textContent.slice(0, 60));
    if (element.matches(".scroll") && window.innerWidth > 1000 && element.scrollWidth > element.clientWidth)
      problems.push("scrolls on a large screen: " + element.textContent.trim().slice(0, 60));
    if (element.matches(".scroll") && element.tabIndex !== 0) problems.push("a region that the keyboard does not reach");
  }
  return problems.slice(0, 5);
}"""

# Numbers of charts that stand in no table of the same section.
CHARTS = """() => {
  const problems = [];
  for (const figure of document.querySelectorAll("figure.plot")) {
    const section = figure.closest("section");
    const rows = new Map();
    for (const row of section.querySelectorAll("table tbody tr"))
      rows.set(row.querySelector("th").textContent.trim(), [...row.cells].map((cell) => cell.textContent.trim()));
    const has = (name, value) => (rows.get(name) || []).includes(value);
    const tips = [...figure.querySelectorAll("g > title")].map((tip) => tip.textContent.split(/: (.*)/));
    const texts = [...figure.querySelectorAll("svg > text")].map((text) => text.textContent);
    const pairs = figure.matches(".bars") ? texts.map((name, at) => [name, texts[at + 1]]).filter((_, at) => at % 2 === 0) : tips;
    for (const [name, value] of pairs)
      if (!has(name, value)) problems.push("in no table: " + name + " " + value);
    if (!pairs.length && !texts.length) problems.push("an empty chart");
  }
  return problems.slice(0, 5);
}"""

CELLS = """() => [...document.querySelectorAll("tbody tr")].slice(0, 1500).flatMap((row) =>
  [...row.cells].map((cell) => [...cell.childNodes].filter((node) => !(node.matches && node.matches(".label")))
    .map((node) => node.textContent).join("")))"""


def bare(text):
    """A text without blanks and hyphens, which a line end may add or take."""
    return re.sub(r"[\s\u00ad\u2010-]+", "", text)


def printed(pdf, order="-layout"):
    """The pages of a PDF as text, without blanks."""
    text = subprocess.run(["pdftotext", order, pdf, "-"], check=True, capture_output=True).stdout.decode()
    return [re.sub(r"\s+", "", page).replace("\u00ad", "") for page in text.split("\f")]


def unprinted(page, pdf):
    """What stands in tables and is not on paper, cell by cell."""
    paper = bare("".join(printed(pdf, "-raw")))
    cells = page.evaluate(CELLS)
    lost = [cell for cell in cells if bare(cell) not in paper]
    return [f"not printed: {len(lost)} of {len(cells)} cells, {lost[0][:80]!r}"] if lost else []


def picture(page, path):
    """Takes a picture of a page, of its beginning where it is long."""
    page.screenshot(path=path, full_page=page.evaluate("document.documentElement.scrollHeight") < 12000)


def accessible(page):
    problems = []
    found = page.evaluate("(source) => { eval(source); return axe.run(document); }", AXE)
    for violation in found["violations"]:
        nodes = "; ".join(node["html"][:120] for node in violation["nodes"][:3])
        problems.append(f"axe {violation['id']} ({violation['impact']}): {nodes}")
    passed = {rule["id"] for rule in found["passes"]}
    wanted = {"color-contrast", "html-has-lang", "heading-order", "region"}
    if page.evaluate("document.querySelector('svg') !== null"):
        wanted.add("svg-img-alt")
    problems += [f"axe did not pass {rule}" for rule in sorted(wanted - passed)]
    return problems


def check(browser, path, out):
    problems = []
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    requests, said = [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(path.resolve().as_uri())
    problems += page.evaluate(LOOK)
    # Long pages are made by the same template; axe takes minutes for them.
    if page.evaluate("document.querySelectorAll('tr').length") < 500:
        problems += accessible(page)
    name = path.name.removesuffix(".html")
    problems += page.evaluate(CHARTS)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        problems += [f"{problem} ({width})" for problem in page.evaluate(CUT)]
        picture(page, out / f"{name}-{width}.png")
    pdf = out / f"{name}.pdf"
    page.pdf(path=pdf, prefer_css_page_size=True)
    pages = printed(pdf)
    whole = "".join(pages)
    if name.startswith("audit"):
        problems += unprinted(page, pdf)
    ids = page.evaluate("[...document.querySelectorAll('.packages tbody td.sums code:first-child')].map((c) => c.textContent)")
    missing = [one for one in ids if one not in whole]
    if missing:
        problems.append(f"not printed: {len(missing)} of {len(ids)} packages, {missing[0]}")
    # A column's name stands on every page on which its table goes on.
    head = page.evaluate("[...document.querySelectorAll('.packages thead th')].slice(-1).map((c) => c.textContent)[0] || ''")
    head = re.sub(r"\s+", "", head)
    for number, text in enumerate(pages, 1):
        if head and any(one in text for one in ids) and head not in text:
            problems.append(f"page {number} has rows without their heading")
    if len(requests) != 1:
        problems.append(f"asks for {requests[1:]}")
    if said:
        problems.append(f"the browser says {said}")
    context.close()
    return problems


def main():
    chromium, out, *pages = sys.argv[1:]
    bad = False
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for path in map(pathlib.Path, pages):
            problems = check(browser, path, pathlib.Path(out))
            bad = bad or bool(problems)
            for problem in problems or ["ok"]:
                print(f"{path.name}\t{problem}", flush=True)
        browser.close()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

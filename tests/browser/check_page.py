#!/usr/bin/env python3
"""Opens receipts in a headless browser and says what is wrong with them.

usage: check_page.py CHROMIUM OUT PAGE...

Writes to OUT, for each page, pictures 1200 and 400 pixels wide and a PDF. Prints one line "NAME<tab>problem" for each
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


def rows_of(page, table):
    return page.evaluate(
        "(table) => [...document.querySelectorAll(table + ' tbody tr')].map((row) => row.textContent)", table)


def printed(pdf):
    """The pages of a PDF as text, without blanks."""
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True).stdout.decode()
    return [re.sub(r"\s+", "", page).replace("\u00ad", "") for page in text.split("\f")]


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
    context = browser.new_context(viewport={"width": 1200, "height": 900})
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
    picture(page, out / f"{name}-1200.png")
    page.set_viewport_size({"width": 400, "height": 800})
    if page.evaluate("document.documentElement.scrollWidth") > 400:
        problems.append("wider than a small screen")
    picture(page, out / f"{name}-400.png")
    pdf = out / f"{name}.pdf"
    page.pdf(path=pdf, prefer_css_page_size=True)
    pages = printed(pdf)
    whole = "".join(pages)
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

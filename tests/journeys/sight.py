"""What axe-core finds wrong with a page as it stands in a browser, one line each."""

from axe_playwright_python.base import AXE_SCRIPT

COLOURS = ["color-contrast", "link-in-text-block"]  # the rules that look at colours
# Without axe’s own copies of stylesheets, which the policy refuses.
_FIND = """async ([context, rules]) => {
  const options = { resultTypes: ["violations"], preload: false }
  if (rules) options.runOnly = { type: "rule", values: rules }
  const { violations } = await axe.run(context ?? document, options)
  return violations.flatMap(({ id, nodes }) => nodes.map((node) =>
    `${id}: ${node.target} ${node.html.slice(0, 160)}`))
}"""


def faults(page, context=None, rules=None):
    """What is wrong, by all of axe’s rules or by some, in the page or a part of it."""
    if not page.evaluate("typeof axe === 'object'"):  # once a document: it is half a megabyte
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(_FIND, [context, rules])


def faults_by_day_and_by_night(page):
    """What is wrong in the light scheme; and in the dark one, where only colours differ."""
    page.emulate_media(color_scheme="light")
    found = [f"light: {fault}" for fault in faults(page)]
    page.emulate_media(color_scheme="dark")
    return found + [f"dark: {fault}" for fault in faults(page, rules=COLOURS)]


def width(page):
    """How wide the page is, in CSS pixels, with what hangs over its sides."""
    return page.evaluate("document.documentElement.scrollWidth")

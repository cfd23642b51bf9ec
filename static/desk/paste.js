/* What is pasted becomes a story's markup before the editor reads it: Word's lists, Google's wrapping,
   a page's boxes, plain text's lines. Everything is read in documents that run and fetch nothing. */
import { Extension, Plugin, pm } from "django-prose-editor/editor"

const { DOMParser: SchemaParser, Fragment, Slice } = pm.model
const { closeHistory } = pm.history

const words = (list) => new Set(list.split(" "))
const OWN = words("p h2 h3 ul ol li blockquote figure figcaption img strong em a br")
const LEFT_OUT = words(
  "script style head title meta link base template noscript iframe object embed svg math canvas picture img video audio" +
    " map nav button input select textarea del xml",
)
const BLOCKS = words(
  "p div section article aside header footer main address figure figcaption table caption thead tbody tfoot tr td th" +
    " dl dt dd hr pre form fieldset legend details summary center hgroup search",
)
const BOLD = words("b strong")
const ITALIC = words("i em cite dfn var")
const HEADINGS = { h1: "h2", h2: "h2", h3: "h3", h4: "h3", h5: "h3", h6: "h3" }
const WORD_HEADINGS = { MsoTitle: "h2", MsoSubtitle: "h3" }
// A comment’s mark and text are not the story’s words.
const WORD_COMMENTS = ".MsoCommentReference, .msocomanchor, .msocomtxt"
const DEEPEST_LIST = 8
const NUMBERED = /^\(?(?:\d+(?:\.\d+)*[.)]?|(?:[a-z]|[ivxlcdm]+)[.)])$/i

// --- Text

// Line breaks of other systems; then what the server refuses, and signs that nobody sees.
const LINE_BREAKS = /\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]/g
const REFUSED = /[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\p{Cs}\p{NChar}\u00ad\u200b\ufeff]/gu
const SPACES = /[ \t\n\f\u00a0]+/g

const plain = (text) => text.replace(LINE_BREAKS, "\n").replace(REFUSED, "").normalize("NFC")
const oneLine = (text) => plain(text).replace(SPACES, " ")

// --- Addresses

const SCHEMES = words("http: https: mailto: tel:")

/* The address a link may have, or "" where it must lose its link: one that runs, holds data, or means
   a place in the page it came from. */
function addressOf(href) {
  const address = href.trim()
  const url = URL.canParse(address) ? new URL(address) : null
  if (!url || !SCHEMES.has(url.protocol)) return ""
  if (/^(www\.)?google\.[a-z.]+$/.test(url.hostname) && url.pathname === "/url") {
    const target = url.searchParams.get("q") ?? url.searchParams.get("url") ?? ""
    if (/^https?:/i.test(target)) return addressOf(target)
  }
  return /[\s\p{Cc}]/u.test(address) ? url.href : address
}

// --- What an element says of its text, in its tag and its style

const styleOf = (element) =>
  Object.fromEntries(
    (element.dataset.style ?? "").split(";").map((rule) => {
      const [name, ...value] = rule.split(":")
      return [name.trim().toLowerCase(), value.join(":").trim().toLowerCase()]
    }),
  )

function isBold(element, style, inherited) {
  const weight = style["font-weight"] ?? ""
  if (/^(bold|bolder)\b/.test(weight) || parseInt(weight) >= 600) return true
  if (/^(normal|lighter)\b/.test(weight) || parseInt(weight) < 600) return false
  return BOLD.has(element.localName) || inherited
}

function isItalic(element, style, inherited) {
  const slant = style["font-style"] ?? ""
  if (/^(italic|oblique)\b/.test(slant)) return true
  return slant.startsWith("normal") ? false : ITALIC.has(element.localName) || inherited
}

const isHidden = (element, style) =>
  element.hidden || style.display === "none" || style["mso-hide"] === "all" || isMark(style) ||
  /^comment/.test(style["mso-element"] ?? "") || element.matches(WORD_COMMENTS)

// A list paragraph’s own bullet or number, which Word writes out.
const isMark = (style) => /^ignore/.test(style["mso-list"] ?? "")

function headingOf(element, style) {
  const level = parseInt(style["mso-outline-level"])
  const named = [...element.classList].map((name) => WORD_HEADINGS[name]).find(Boolean)
  return HEADINGS[element.localName] ?? named ?? (level ? (level > 2 ? "h3" : "h2") : null)
}

// --- The clean copy

class Copy {
  constructor() {
    this.page = document.implementation.createHTMLDocument("")
    this.place = this.page.body // what blocks are put into
    this.kind = "p"
    this.block = null // the paragraph that is being filled
    this.runOn = new WeakSet() // lists that the next Word paragraph may go on with
  }

  make(tag, ...content) {
    const element = this.page.createElement(tag)
    element.append(...content)
    return element
  }

  isIn(selector) {
    return Boolean(this.place.closest(selector))
  }

  within(place, fill) {
    const [outer, kind] = [this.place, this.kind]
    this.end()
    this.place = place
    this.kind = "p"
    fill()
    this.end()
    this.place = outer
    this.kind = kind
    if (!place.textContent) place.remove()
  }

  // Words

  text(value, { bold, italic, href } = {}) {
    let text = oneLine(value)
    if (!this.block || /(^| )$/.test(this.block.textContent) || this.block.lastChild.localName === "br") {
      text = text.trimStart()
    }
    if (!text) return
    if (!this.block) {
      const isList = /^[uo]l$/.test(this.place.localName)
      this.block = this.make(this.kind)
      this.place.append(isList ? this.make("li", this.block) : this.block)
    }
    let run = this.page.createTextNode(text)
    if (italic) run = this.make("em", run)
    if (bold && this.block.localName === "p") run = this.make("strong", run)
    if (href) {
      run = this.make("a", run)
      run.setAttribute("href", href)
    }
    this.block.append(run)
  }

  lineBreak() {
    if (!this.block) return
    if (this.block.lastChild.localName === "br") this.end()
    else this.block.append(this.make("br"))
  }

  lines(value, style) {
    plain(value).split("\n").forEach((line, index) => {
      if (index) this.lineBreak()
      this.text(line, style)
    })
  }

  end() {
    const { block } = this
    this.block = null
    while (block?.lastChild) {
      let last = block.lastChild
      while (last.lastChild) last = last.lastChild
      if (last.data) last.data = last.data.trimEnd()
      if (last.data) return
      block.lastChild.remove()
    }
  }

  // Lists

  list(tag, fill) {
    this.end()
    let { place } = this
    const isInItem = this.isIn("li")
    if (/^[uo]l$/.test(place.localName) && place.lastElementChild) place = place.lastElementChild
    if (/^[uo]l$/.test(place.localName) || this.depth() >= DEEPEST_LIST) return fill()
    if (isInItem && place.localName === "li" && !place.textContent) return fill() // a list that is all its item is
    const list = this.make(tag)
    place.append(list)
    this.within(list, fill)
  }

  depth() {
    let depth = 0
    for (let list = this.place; list; list = list.parentElement) depth += /^[uo]l$/.test(list.localName)
    return depth
  }

  item(fill) {
    let list = this.place
    while (list.localName === "li") list = list.parentElement // of a list without items of its own
    if (!/^[uo]l$/.test(list.localName)) return this.runOnItem(1, "ul", fill)
    const item = this.make("li")
    list.append(item)
    this.within(item, fill)
  }

  /* An item that only says how deep it is and what its mark is: Word’s, and plain text’s. */
  runOnItem(level, tag, fill) {
    this.end()
    let place = this.place
    for (let depth = 1; depth <= Math.min(level, DEEPEST_LIST); depth++) {
      let list = place.lastElementChild
      const goesOn = this.runOn.has(list) && (depth < level || list.localName === tag)
      if (!goesOn) {
        list = this.make(tag)
        this.runOn.add(list)
        place.append(list)
      }
      place = list
      if (!goesOn || depth === level || !list.lastElementChild) break
      place = list.lastElementChild
    }
    if (place.localName === "li") place = place.parentElement
    const item = this.make("li")
    place.append(item)
    this.within(item, fill)
    if (!place.textContent) place.remove()
  }

  // Elements

  read(node, style) {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) {
        if (style.isPre) this.lines(child.data, style)
        else this.text(child.data, style)
      } else if (child.nodeType === Node.ELEMENT_NODE) this.element(child, style)
    }
  }

  element(element, inherited) {
    const tag = element.localName
    const css = styleOf(element)
    if (LEFT_OUT.has(tag) || isHidden(element, css)) return
    if (tag === "br") return this.lineBreak()
    const style = {
      ...inherited,
      bold: isBold(element, css, inherited.bold),
      italic: isItalic(element, css, inherited.italic),
      isPre: tag === "pre" || inherited.isPre,
    }
    if (tag === "a" && element.hasAttribute("href")) style.href = addressOf(element.getAttribute("href"))
    const heading = headingOf(element, css)
    if (heading) return this.heading(heading, () => this.read(element, { ...style, bold: false }))
    this.box(element, css, () => this.read(element, style))
  }

  heading(tag, fill) {
    this.end()
    const { kind } = this
    if (!this.isIn("li, figure")) this.kind = tag
    fill()
    this.end()
    this.kind = kind
  }

  box(element, css, fill) {
    const tag = element.localName
    const level = /\blevel(\d+)\b/.exec(css["mso-list"] ?? "")?.[1]
    if (level) return this.wordItem(element, Number(level), fill)
    // Word on the web: every item in a list and a box of its own.
    const webLevel = Number(element.dataset.ariaLevel)
    if (tag === "li" && webLevel) return this.runOnItem(webLevel, element.parentElement.localName, fill)
    if (/^[uo]l$/.test(tag)) return element.closest(".ListContainerWrapper") ? fill() : this.list(tag, fill)
    if (tag === "li") return this.item(fill)
    if (tag === "blockquote" && !this.isIn("li, blockquote, figure")) return this.container(this.make(tag), fill)
    if (element.matches("figure.pull") && element.querySelector("blockquote") && !this.isIn("li, blockquote, figure")) {
      return this.pullQuote(element)
    }
    const isBlock = BLOCKS.has(tag) || tag === "blockquote"
    if (isBlock) this.end()
    fill()
    if (isBlock) this.end()
  }

  container(place, fill) {
    this.end()
    this.place.append(place)
    this.within(place, fill)
  }

  pullQuote(element) {
    const figure = this.make("figure")
    figure.className = "pull"
    this.container(figure, () => {
      this.container(this.make("blockquote"), () => this.read(element.querySelector("blockquote"), {}))
      const source = element.querySelector("figcaption")?.textContent ?? ""
      if (figure.textContent) figure.append(this.make("figcaption", oneLine(source).trim()))
    })
  }

  wordItem(element, level, fill) {
    const mark = [...element.querySelectorAll("[data-style]")].find((part) => isMark(styleOf(part)))
    const sign = mark?.textContent.replace(SPACES, "") ?? ""
    this.runOnItem(level, NUMBERED.test(sign) ? "ol" : "ul", fill)
  }
}

// --- What comes in

// A style or a handler in a document that is merely read is a breach of the policy: under another
// name it is none, though neither would do anything.
const TAG = /<[a-z](?:"[^"]*"|'[^']*'|[^'">])*>/gi
const ACTIVE = /"[^"]*"|'[^']*'|(\s)(style|on[a-z]+)(?=\s*=)/gi
const renamed = (tag) => tag.replace(ACTIVE, (all, space, name) => (name ? `${space}data-${name}` : all))
const atRest = (html) => html.replace(/<style\b[\s\S]*?<\/style\s*>/gi, "").replace(TAG, renamed)

function fromHTML(html) {
  const { body } = new DOMParser().parseFromString(atRest(html), "text/html")
  const isOurs = body.querySelector("[data-pm-slice]") && [...body.querySelectorAll("*")].every(({ localName }) => OWN.has(localName))
  if (isOurs) return body.innerHTML
  const copy = new Copy()
  copy.read(body, {})
  copy.end()
  return copy.page.body.innerHTML
}

const LISTS = [
  ["ul", /^\s*[-*•·‣◦]\s+(?=\S)/],
  ["ol", /^\s*\d{1,3}[.)]\s+(?=\S)/],
]

/* Plain text: a blank line ends a paragraph, two lines in a row with a list’s mark are a list. */
function fromText(text) {
  const lines = plain(text).split("\n")
  const kinds = lines.map((line) => LISTS.findIndex(([, mark]) => mark.test(line)))
  const copy = new Copy()
  lines.forEach((line, index) => {
    const kind = kinds[index]
    if (kind >= 0 && (kinds[index - 1] === kind || kinds[index + 1] === kind)) {
      const [tag, mark] = LISTS[kind]
      copy.runOnItem(1, tag, () => copy.text(line.replace(mark, "")))
    } else if (line.trim()) {
      copy.text(line)
      if (lines[index + 1]?.trim()) copy.lineBreak()
    } else copy.end()
  })
  copy.end()
  return copy.page.body
}

function sliceOfText(text, $context, _isPlain, view) {
  const { schema } = view.state
  const line = oneLine(plain(text).replace(/^\n+|\n+$/g, ""))
  if (!/\n/.test(plain(text).trim())) {
    return line ? new Slice(Fragment.from(schema.text(line, $context.marks())), 0, 0) : Slice.empty
  }
  const slice = SchemaParser.fromSchema(schema).parseSlice(fromText(text), { context: $context })
  return Slice.maxOpen(slice.content, true)
}

/* A heading or list that begins several blocks does not run on from the words before it. */
function standing(slice, { state }) {
  let blocks = 0
  slice.content.descendants((node) => {
    blocks += node.isTextblock
  })
  const isApart = blocks > 1 && slice.content.firstChild.type.name !== "paragraph"
  return isApart && state.selection.$from.parent.content.size ? new Slice(slice.content, 0, slice.openEnd) : slice
}

/* An address that is pasted over words links them. */
function linkOver(view, event) {
  const text = event.clipboardData?.getData("text/plain").trim() ?? ""
  const { state } = view
  const { from, to, empty, $from, $to } = state.selection
  if (empty || !$from.sameParent($to) || !/^https?:\/\/\S+$/i.test(text)) return false
  const href = addressOf(text)
  if (!href) return false
  const { link } = state.schema.marks
  view.dispatch(state.tr.removeMark(from, to, link).addMark(from, to, link.create({ href })))
  return true
}

export const CleanPaste = Extension.create({
  name: "cleanPaste",
  priority: 1000,
  addProseMirrorPlugins: () => [
    new Plugin({
      props: {
        transformPastedHTML: fromHTML,
        clipboardTextParser: sliceOfText,
        transformPasted: standing,
        handlePaste(view, event) {
          view.dispatch(closeHistory(view.state.tr)) // a paste is undone by itself
          return linkOver(view, event)
        },
      },
      appendTransaction: (transactions, _before, { tr }) =>
        transactions.some((one) => one.getMeta("paste")) ? closeHistory(tr) : null,
    }),
  ],
})

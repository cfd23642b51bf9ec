/* The body editor's toolbar, its names for who hears them, and the dialog that asks for a link. It stands
   in for the library's menu; its words and icons come with the form (articles/templatetags/body_editor.py). */
import { Extension, Plugin, isMacOS, pm } from "django-prose-editor/editor"

const { Decoration, DecorationSet } = pm.view
const icons = document.querySelector("[data-icons]")?.dataset.icons ?? ""
const words = JSON.parse(document.querySelector("[data-editor-words]")?.dataset.editorWords ?? "{}")
const say = (name) => words[name] ?? name

// Name, icon, key, command, what makes it pressed: null where it is no switch.
const TOOLS = [
  [
    ["bold", "bold", "Mod+B", (chain) => chain.toggleBold(), "bold"],
    ["italic", "italic", "Mod+I", (chain) => chain.toggleItalic(), "italic"],
    ["link", "link", "Mod+K", null, "link"],
  ],
  [
    ["bullets", "list", "Mod+Shift+8", (chain) => chain.toggleBulletList(), "bulletList"],
    ["numbers", "olist", "Mod+Shift+7", (chain) => chain.toggleOrderedList(), "orderedList"],
    ["quotation", "quote", "Mod+Shift+B", (chain) => chain.toggleBlockquote(), "blockquote"],
  ],
  [
    ["pull_quote", "pull", "", (chain) => chain.addPullQuote(), null],
    ["picture", "figure", "", null, "picture"],
  ],
  [
    ["undo", "undo", "Mod+Z", (chain) => chain.undo(), null],
    ["redo", "redo", "Mod+Shift+Z", (chain) => chain.redo(), null],
  ],
]
const KINDS = [["paragraph", 0], ["subheading", 2], ["small_subheading", 3]]

const SVG = "http://www.w3.org/2000/svg"

function make(tag, attributes = {}, ...content) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...content)
  return element
}

function icon(name) {
  const [svg, use] = ["svg", "use"].map((tag) => document.createElementNS(SVG, tag))
  svg.setAttribute("class", "i")
  svg.setAttribute("aria-hidden", "true")
  use.setAttribute("href", `${icons}#i-${name}`)
  svg.append(use)
  return svg
}

// --- Buttons

function button(editor, [name, image, key, command, mark]) {
  const label = say(name)
  const keys = key.replace("Mod", isMacOS() ? "Meta" : "Control")
  const shown = key.replace("Mod", isMacOS() ? "⌘" : "Ctrl")
  const isWide = name === "pull_quote"
  const element = make("button", {
    type: "button", class: isWide ? "tb w" : "tb", "data-tool": name, title: shown ? `${label} (${shown})` : label,
  }, icon(image))
  if (isWide) element.append(make("span", {}, label))
  else element.setAttribute("aria-label", label)
  if (keys) element.setAttribute("aria-keyshortcuts", keys)
  if (!command) element.setAttribute("aria-haspopup", "dialog")
  element.addEventListener("mousedown", (event) => event.preventDefault()) // the cursor stays where it is
  element.addEventListener("click", () => {
    if (!command) ASKS[name](editor)
    else if (element.getAttribute("aria-disabled") !== "true") command(editor.chain().focus()).run()
  })
  const update = () => {
    if (mark && command) element.setAttribute("aria-pressed", String(editor.isActive(mark)))
    else if (mark) element.classList.toggle("on", editor.isActive(mark))
    if (command) element.setAttribute("aria-disabled", String(!isPossible(editor, name, command)))
  }
  return { element, update }
}

const isPossible = (editor, name, command) =>
  name === "pull_quote" ? !editor.isActive("pullQuote") : command(editor.can().chain()).run()

function kindOf(editor) {
  return KINDS.find(([, level]) => level && editor.isActive("heading", { level }))?.[1] ?? 0
}

function kinds(editor) {
  const element = make("select", { class: "blk", "data-tool": "kind", "aria-label": say("kind") })
  for (const [name, level] of KINDS) element.append(new Option(say(name), level))
  element.addEventListener("change", () => {
    const level = Number(element.value)
    const chain = editor.chain().focus()
    if (level) chain.setHeading({ level }).run()
    else chain.setParagraph().run()
  })
  const update = () => {
    element.value = kindOf(editor)
  }
  return { element, update }
}

// One stop for the Tab key; the arrows go on from there.
function rove(toolbar, tools) {
  const stops = tools.map(({ element }) => element)
  const enter = (stop) => {
    for (const other of stops) other.tabIndex = other === stop ? 0 : -1
  }
  enter(stops[0])
  toolbar.addEventListener("focusin", ({ target }) => enter(target))
  toolbar.addEventListener("keydown", (event) => {
    const at = stops.indexOf(event.target)
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: stops.length - 1 }[event.key]
    if (at < 0 || to === undefined || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    stops.at(to % stops.length).focus()
  })
}

function toolbarOf(editor) {
  const toolbar = make("div", { class: "toolbar", role: "toolbar", "aria-label": say("tools") })
  const kind = kinds(editor)
  const tools = [kind]
  toolbar.append(kind.element)
  TOOLS.forEach((group, index) => {
    const buttons = group.map((tool) => button(editor, tool))
    const isLast = index === TOOLS.length - 1
    toolbar.append(make("span", { class: isLast ? "gap push" : "gap" }), ...buttons.map(({ element }) => element))
    tools.push(...buttons)
  })
  rove(toolbar, tools)
  const update = () => tools.forEach((tool) => tool.update())
  editor.on("transaction", update)
  update()
  return toolbar
}

// --- The link dialog

const SCHEMES = /^(https?|mailto|tel):/i

/* The address that was meant, "" if none can be made of it. */
function addressOf(typed) {
  const text = typed.trim()
  if (/^[^\s@:/]+@[^\s@]+\.[^\s@]+$/.test(text)) return `mailto:${text}`
  const address = /^[a-z][a-z0-9+.-]*:(?!\d)/i.test(text) || text.startsWith("/") ? text : `https://${text}`
  return SCHEMES.test(address) && URL.canParse(address) && !/\s/.test(address) ? address : ""
}

function setLink(editor, href) {
  const chain = editor.chain().focus()
  if (!href) chain.extendMarkRange("link").unsetLink().run()
  else if (editor.isActive("link")) chain.extendMarkRange("link").setLink({ href }).run()
  else if (!editor.state.selection.empty) chain.setLink({ href }).run()
  else chain.insertContent({ type: "text", text: href, marks: [{ type: "link", attrs: { href } }] }).run()
}

function linkDialog(isLinked, href) {
  const input = make("input", {
    id: "link-address", type: "text", inputmode: "url", autocomplete: "off", spellcheck: "false", "aria-describedby": "link-problem",
  })
  input.value = href
  const problem = make("p", { id: "link-problem", class: "help", role: "alert" })
  const cancel = make("button", { type: "button", class: "btn btn-quiet" }, say("cancel"))
  const remove = make("button", { type: "button", class: "btn btn-quiet" }, say("remove_link"))
  const set = make("button", { type: "submit", class: "btn btn-blue" }, say("set_link"))
  const form = make("form", { method: "dialog", novalidate: "" },
    make("header", {}, make("h2", { id: "link-title" }, say("link"))),
    make("div", { class: "in f" }, make("label", { for: "link-address" }, say("address")), input, problem),
    make("footer", {}, ...(isLinked ? [remove] : []), cancel, set))
  const dialog = make("dialog", { class: "dlg link-dialog", "aria-labelledby": "link-title" }, form)
  return { dialog, form, input, problem, cancel, remove }
}

function askAddress(editor) {
  const isLinked = editor.isActive("link")
  const { dialog, form, input, problem, cancel, remove } = linkDialog(isLinked, editor.getAttributes("link").href ?? "")
  const finish = (act = () => editor.commands.focus()) => {
    dialog.close()
    act()
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    const href = addressOf(input.value)
    if (href) return finish(() => setLink(editor, href))
    problem.textContent = say("no_address")
    input.setAttribute("aria-invalid", "true")
    input.focus()
  })
  cancel.addEventListener("click", () => finish())
  remove.addEventListener("click", () => finish(() => setLink(editor, "")))
  dialog.addEventListener("cancel", () => setTimeout(() => editor.commands.focus())) // Escape
  dialog.addEventListener("close", () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
  input.select()
}

// --- The picture dialog (picker.js)

async function askPicture(editor) {
  const picture = await window.pickPicture?.()
  if (picture) editor.chain().focus().addPicture(picture.id).run()
  else editor.commands.focus()
}

// What a tool without a command of its own asks first.
const ASKS = { link: askAddress, picture: askPicture }

// --- In place of the library's menu

/* Says in an empty line of a pull quote what it is for. */
function hints({ doc }) {
  const found = []
  doc.descendants((node, position) => {
    if (node.type.name === "pullQuoteSource" && !node.content.size) {
      found.push(Decoration.node(position, position + node.nodeSize, { class: "empty", "data-hint": say("source") }))
    }
    return node.type.name === "doc" || node.type.name === "pullQuote"
  })
  return DecorationSet.create(doc, found)
}

export const Menu = Extension.create({
  name: "menu",
  addOptions: () => ({ groups: null }), // the library’s configuration names groups for its own
  addKeyboardShortcuts() {
    return {
      "Mod-k": ({ editor }) => {
        askAddress(editor)
        return true
      },
    }
  },
  addProseMirrorPlugins: () => [
    new Plugin({
      props: {
        attributes: { class: "prose", role: "textbox", "aria-multiline": "true", "aria-label": say("body") },
        decorations: hints,
      },
    }),
  ],
  onCreate({ editor }) {
    const text = editor.view.dom
    if (editor.isEditable) text.before(toolbarOf(editor))
    // The label names a field that the editor hides.
    const field = text.parentElement.querySelector("textarea")
    for (const label of field?.labels ?? []) label.addEventListener("click", () => editor.commands.focus())
    text.dispatchEvent(new Event("editor-ready", { bubbles: true }))
  },
})

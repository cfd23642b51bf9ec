/* Typographic quotes, dashes and ellipses as somebody types, in the body, the headline and the standfirst.
   The four quotes come with the form (the SMART_QUOTES setting); without them nothing is changed. */
import { Extension, Plugin, pm } from "django-prose-editor/editor"

const { closeHistory } = pm.history
const [openDouble, closeDouble, openSingle, closeSingle] = document.querySelector("[data-quotes]")?.dataset.quotes ?? ""
const isOn = Boolean(closeSingle)
const APOSTROPHE = "’"
const LETTER = /[\p{L}\p{N}]/u

/* What the key typed last becomes, as [what stands there, what takes its place], or null. `before` is the
   text of the line up to it, `key` is at its end; `after` is what follows. */
function curled(before, key, after) {
  if (key === '"') return [key, opens(before) ? openDouble : closeDouble]
  if (key === "'") return [key, single(before, after)]
  if (/(^|[^-])--$/.test(before)) return ["--", "–"]
  if (/(^|[^.])\.\.\.$/.test(before)) return ["...", "…"]
  // A quote that closed is an apostrophe once the word goes on.
  const [word, quote] = before.slice(-3)
  if (closeSingle !== APOSTROPHE && quote === closeSingle && LETTER.test(word) && LETTER.test(key)) {
    return [quote + key, APOSTROPHE + key]
  }
  return null
}

const opens = (before) => {
  const last = before.at(-2)
  return !last || /[\s\p{Ps}\p{Pd}\ufffc]/u.test(last) || last === openDouble || last === openSingle
}

function single(before, after) {
  if (opens(before)) return openSingle
  const isInWord = LETTER.test(before.at(-2)) && LETTER.test(after)
  const isOpen = before.lastIndexOf(openSingle) > before.slice(0, -1).lastIndexOf(closeSingle)
  return isInWord || (LETTER.test(before.at(-2)) && !isOpen) ? APOSTROPHE : closeSingle
}

// --- In the body: the key as it was typed first, so that undoing gives it back.

function typeInBody(view, from, to, key) {
  if (view.composing || key.length !== 1) return false
  const { $from } = view.state.selection
  const { parent } = $from
  const at = $from.parentOffset
  const before = parent.textBetween(0, at, null, "\ufffc") + key
  const after = parent.textBetween($from.sameParent(view.state.doc.resolve(to)) ? to - $from.start() : at, parent.content.size, null, "\ufffc")
  const change = curled(before, key, after[0] ?? "")
  if (!change) return false
  view.dispatch(view.state.tr.insertText(key, from, to).scrollIntoView())
  const end = from + key.length
  const { tr } = view.state
  view.dispatch(closeHistory(tr.insertText(change[1], end - change[0].length, end)))
  view.dispatch(closeHistory(view.state.tr))
  return true
}

export const SmartQuotes = Extension.create({
  name: "smartQuotes",
  priority: 1000,
  addProseMirrorPlugins: () => (isOn ? [new Plugin({ props: { handleTextInput: typeInBody } })] : []),
})

// --- In the lines above it: the browser's own undoing knows what its editing commands did.

function typeInField({ target, data, inputType, isComposing }) {
  if (inputType !== "insertText" || isComposing || data?.length !== 1) return
  const at = target.selectionStart
  const change = curled(target.value.slice(0, at), data, target.value.slice(at, at + 1))
  if (!change) return
  target.setSelectionRange(at - change[0].length, at)
  document.execCommand("insertText", false, change[1])
}

if (isOn) {
  for (const field of document.querySelectorAll("[name=headline], [name=standfirst]")) {
    if (field.matches("textarea, input[type=text]")) field.addEventListener("input", typeInField)
  }
}

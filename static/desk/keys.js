/* Keyboard shortcuts. Each stands in the markup, on what it presses: aria-keyshortcuts="n" or
   "Control+S Alt+Shift+J". Keys without Control or Alt do nothing while somebody types, and can be
   turned off (WCAG 2.2, criterion 2.1.4). */
(() => {
  const SINGLE = "newsroom:single-keys"
  const dialog = document.getElementById("shortcuts")

  function isOn() {
    try {
      return localStorage.getItem(SINGLE) !== "off"
    } catch {
      return true
    }
  }

  const isTyping = ({ target }) =>
    target.isContentEditable || target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [role=textbox]")

  function nameOf(event) {
    const control = event.ctrlKey || event.metaKey
    if (event.altKey && event.shiftKey && !control) return `Alt+Shift+${event.code.replace("Key", "")}`
    if (control && !event.altKey && !event.shiftKey) {
      return `Control+${event.key.length === 1 ? event.key.toUpperCase() : event.key}`
    }
    return control || event.altKey ? "" : event.key
  }

  // The first that can be seen: a phone's tabs repeat what stands beside a wide page.
  function find(name) {
    // The editor’s own keys are its own: Control+Z in a line above it is that line’s.
    const all = document.querySelectorAll(`[aria-keyshortcuts~="${CSS.escape(name)}"]:not([role=toolbar] *, .chip)`)
    const seen = [...all].filter((element) => element.checkVisibility())
    return seen.find((element) => element.closest(".storybar")) ?? seen[0] // a story’s own come first
  }

  // A note or a plan that is typed beside the story is a form of its own: the keys that finish
  // something finish what the cursor stands in.
  const FINISH = ["Control+S", "Control+Enter"]
  const besideOf = (name, { target }) => FINISH.includes(name) && target.closest(".story-more form")

  function press(element) {
    if (element.matches("form")) element.requestSubmit()
    else if (element.matches("input, textarea, select")) element.focus()
    else element.click()
  }

  function onKey(event) {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return
    const name = nameOf(event)
    const isSingle = !/^(Control|Alt)\+/.test(name)
    if (!name || (isSingle && (isTyping(event) || !isOn()))) return
    const element = besideOf(name, event) || find(name)
    if (!element) return
    event.preventDefault()
    event.stopPropagation()
    press(element)
  }

  // Control and Alt before the editor, which would make a line break of Control+Enter.
  addEventListener("keydown", (event) => (event.ctrlKey || event.metaKey || event.altKey) && onKey(event), true)
  addEventListener("keydown", onKey)

  if (!dialog) return
  const box = dialog.querySelector("[name=single-keys]")
  box.checked = isOn()
  box.addEventListener("change", () => {
    try {
      localStorage.setItem(SINGLE, box.checked ? "on" : "off")
    } catch {
      box.checked = true // this browser keeps nothing
    }
  })
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens=shortcuts]")
    if (!opener || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    dialog.showModal()
  })
})()

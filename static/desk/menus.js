/* The desk's menus are <details>: Escape and a click elsewhere close the one that is open. */
(() => {
  const open = () => document.querySelectorAll("details.menu[open], details.facet[open]")

  document.addEventListener("click", ({ target }) => {
    for (const menu of open()) if (!menu.contains(target)) menu.open = false
  })
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return
    for (const menu of open()) {
      const held = menu.contains(document.activeElement)
      menu.open = false
      if (held) menu.querySelector("summary").focus()
      event.preventDefault()
    }
  })
})()

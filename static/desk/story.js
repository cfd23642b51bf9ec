/* The story form's small helps: Enter leaves the headline, and a suggested story is added by a click. */
(() => {
  const form = document.getElementById("article_form")
  if (!form) return

  form.elements.headline?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing) return
    event.preventDefault()
    form.elements.standfirst.focus()
  })

  for (const button of form.querySelectorAll("[data-adds]")) {
    button.parentElement.hidden = false
    button.addEventListener("click", () => {
      const list = document.getElementById(button.dataset.adds)
      const held = [...list.options].find(({ value }) => value === button.value)
      const option = held ?? new Option(button.textContent, button.value)
      option.selected = true
      list.append(option) // in the order they were picked
      window.django.jQuery(list).trigger("change")
      const next = button.nextElementSibling ?? button.previousElementSibling
      button.remove()
      if (next?.matches("button")) next.focus()
    })
  }
})()

/* The story form's small helps: Enter leaves the headline; and stories of the same tags are
   suggested, to be added by a click (articles/admin/looking.py). */
(() => {
  const form = document.getElementById("article_form")
  if (!form) return

  form.elements.headline?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing) return
    event.preventDefault()
    form.elements.standfirst.focus()
  })

  const place = document.getElementById("suggested")
  if (!place) return
  const PAUSE = 1_000 // ms after the last key
  const { also_read: list, tags, section } = form.elements
  const picked = () => [...list.selectedOptions].map(({ value }) => value)
  const asked = () => JSON.stringify([tags.value, section.value, picked()])
  let known = ""
  let timer = 0

  function add(button) {
    const held = [...list.options].find(({ value }) => value === button.value)
    const option = held ?? new Option(button.textContent, button.value)
    option.selected = true
    list.append(option) // in the order they were picked
    window.django.jQuery(list).trigger("change")
    const next = button.nextElementSibling ?? button.previousElementSibling
    button.remove()
    if (next?.matches("button")) next.focus()
  }

  function show(stories) {
    for (const button of place.querySelectorAll("button")) button.remove()
    for (const { story, headline } of stories) {
      const button = Object.assign(document.createElement("button"), {
        type: "button", className: "btn btn-line", value: story, textContent: headline, dir: "auto",
      })
      button.addEventListener("click", () => add(button))
      place.append(button)
    }
    place.hidden = !stories.length
  }

  async function ask() {
    known = asked()
    const data = new FormData()
    data.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value)
    data.append("tags", tags.value)
    data.append("section", section.value)
    for (const story of picked()) data.append("also_read", story)
    try {
      const answer = await fetch(place.dataset.url, { method: "POST", body: data })
      // Whoever stands on one of them does not lose it under their hands.
      if (answer.ok && !place.contains(document.activeElement)) show((await answer.json()).stories)
    } catch {
      // Not connected: what stands there stays.
    }
  }

  function changed() {
    if (asked() === known) return
    clearTimeout(timer)
    timer = setTimeout(ask, PAUSE)
  }

  form.addEventListener("input", changed)
  window.django.jQuery(form).on("change", changed) // a list's own events are jQuery's
  ask()
})()

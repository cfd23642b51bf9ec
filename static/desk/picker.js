/* Chooses a picture of the library: a dialog with a search, a list to pick from, and what is said of it
   in the story. `window.pickPicture()` promises what was chosen, or null. */
(() => {
  const place = document.querySelector("[data-pictures]")
  if (!place) return
  const { pictures: url, editorWords } = place.dataset
  const words = JSON.parse(editorWords)
  const PAUSE = 300 // ms after the last key

  function make(tag, attributes = {}, ...content) {
    const element = document.createElement(tag)
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
    element.append(...content)
    return element
  }

  function card(picture) {
    const radio = make("input", { type: "radio", name: "picked", value: picture.id })
    const thumb = make("img", { class: "th", src: picture.thumb, width: picture.width, height: picture.height, alt: "" })
    const about = make("div", { class: "cap" }, make("b", { dir: "auto" }, picture.title))
    if (picture.credit) about.append(make("p", { class: "meta", dir: "auto" }, picture.credit))
    return make("li", {}, make("label", { class: "pickable" }, radio, thumb, about))
  }

  function dialogOf() {
    const search = make("input", { id: "pick-search", type: "search", autocomplete: "off", maxlength: "100" })
    const list = make("ul", { class: "pics" })
    const said = make("p", { class: "help", role: "status" })
    const cancel = make("button", { type: "button", class: "btn btn-quiet" }, words.cancel)
    const choose = make("button", { type: "submit", class: "btn btn-blue" }, words.choose)
    const form = make("form", { method: "dialog", novalidate: "" },
      make("header", {}, make("h2", { id: "pick-title" }, words.choose_picture)),
      make("div", { class: "in" }, make("div", { class: "f" }, make("label", { for: "pick-search" }, words.search_pictures), search),
        said, list),
      make("footer", {}, cancel, choose))
    const dialog = make("dialog", { class: "dlg wide link-dialog", "aria-labelledby": "pick-title" }, form)
    return { dialog, form, search, list, said, cancel }
  }

  window.pickPicture = () => new Promise((resolve) => {
    const { dialog, form, search, list, said, cancel } = dialogOf()
    let found = []
    let chosen = null
    let asked = 0
    let timer = 0

    async function look() {
      const turn = (asked += 1)
      const answer = await fetch(`${url}?q=${encodeURIComponent(search.value)}`).catch(() => null)
      if (turn !== asked) return // another question was quicker
      found = answer?.ok ? (await answer.json()).pictures : []
      list.replaceChildren(...found.map(card))
      said.textContent = found.length ? "" : answer?.ok ? words.no_picture : words.no_answer
    }

    search.addEventListener("input", () => {
      clearTimeout(timer)
      timer = setTimeout(look, PAUSE)
    })
    search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return
      event.preventDefault() // it looks, and chooses nothing
      clearTimeout(timer)
      look()
    })
    form.addEventListener("submit", (event) => {
      event.preventDefault()
      const picked = form.elements.picked?.value ?? form.querySelector("[name=picked]:checked")?.value
      chosen = found.find(({ id }) => String(id) === picked) ?? null
      if (chosen) dialog.close()
      else said.textContent = words.none_chosen
    })
    cancel.addEventListener("click", () => dialog.close())
    dialog.addEventListener("close", () => {
      clearTimeout(timer)
      dialog.remove()
      resolve(chosen)
    })
    document.body.append(dialog)
    dialog.showModal()
    search.focus()
    look()
  })
})()

/* Beside the number of a story's picture: what it shows, a button that chooses another, and one that
   takes it out. Without this script the number is typed. */
(() => {
  const field = document.querySelector("[data-picks=picture]")
  const place = document.querySelector("[data-pictures]")
  if (!field || !place || !window.pickPicture) return
  const words = JSON.parse(place.dataset.editorWords)
  const button = (label) => Object.assign(document.createElement("button"), {
    type: "button", className: "btn btn-line", textContent: label,
  })
  const thumb = Object.assign(document.createElement("img"), { className: "picked", alt: "", hidden: true })
  const choose = button(words.choose_picture)
  const remove = button(words.no_picture_here)
  const acts = document.createElement("p")
  acts.className = "acts"
  acts.append(choose, remove)
  field.before(thumb)
  field.after(acts)

  function show() {
    const number = field.value.trim()
    remove.hidden = !number
    thumb.hidden = !/^\d+$/.test(number)
    if (!thumb.hidden) thumb.src = place.dataset.thumb.replace("/0/", `/${number}/`)
  }

  function set(value) {
    field.value = value
    show()
    field.dispatchEvent(new Event("input", { bubbles: true }))
  }

  thumb.addEventListener("error", () => {
    thumb.hidden = true
  })
  choose.addEventListener("click", async () => {
    const picture = await window.pickPicture()
    if (picture) set(picture.id)
    choose.focus()
  })
  remove.addEventListener("click", () => {
    set("")
    choose.focus()
  })
  field.addEventListener("input", show)
  window.django.jQuery(field.form).on("change", show) // what was put back into the form
  show()
})()

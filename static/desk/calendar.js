/* The calendar by keyboard: arrows go from day to day, Page Up and Down to the page before and
   after, and M takes up the story that one is on, which the arrows then carry to another day.
   Without script every day and story is a link, and so is “Move…”. */
(() => {
  const calendar = document.querySelector("[data-calendar]")
  if (!calendar) return
  const isWeek = calendar.dataset.calendar === "week"
  const line = document.getElementById("moving")
  const days = [...calendar.querySelectorAll("[data-date]")]
  const dayLink = (day) => day.querySelector("a.day")
  const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }
  const HASH = "#days" // the page that one paged to begins at a day

  // --- From day to day: one of them is in the tab order, the one that was used last ------------
  const rove = (day) => days.forEach((one) => { dayLink(one).tabIndex = one === day ? 0 : -1 })
  const go = (day) => {
    if (!day) return
    rove(day)
    dayLink(day).focus()
  }
  const first = days.find((day) => day.querySelector("[aria-current=date]")) ?? days.find((day) => !day.matches(".out"))
  rove(first)
  if (location.hash === HASH) go(first)
  else document.getElementById(location.hash.slice(1))?.focus()

  function page(rel) {
    const link = document.querySelector(`a[rel=${rel}]`)
    location.assign(link.href + HASH)
  }

  function walk(key, day) {
    const index = days.indexOf(day)
    const week = index - (index % 7)
    if (isWeek && (key === "ArrowUp" || key === "ArrowDown")) {
      const stops = [...day.querySelectorAll("a.day, a.wkc")]
      stops[stops.indexOf(document.activeElement) + Math.sign(STEPS[key])]?.focus()
    } else if (key in STEPS) go(days[index + STEPS[key]])
    else if (key === "Home") go(days[week])
    else if (key === "End") go(days[week + 6])
    else if (key === "PageUp") page("prev")
    else if (key === "PageDown") page("next")
    else return false
    return true
  }

  // --- A story that is carried to another day -------------------------------------------------
  let carried = null // { chip, link, from, date }
  const isoDay = (date) => date.toISOString().slice(0, 10)
  const timeOf = (link) => link.dataset.wall.slice(11, 16)

  function inWords({ date, link }) {
    const day = date.toLocaleDateString(document.documentElement.lang, { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" })
    return `${day}, ${timeOf(link)}`
  }

  function mark() {
    days.forEach((day) => day.classList.toggle("aimed", Boolean(carried) && day.dataset.date === isoDay(carried.date)))
    carried?.chip.classList.add("carried")
  }

  function take(chip) {
    const link = chip.parentElement.querySelector("a.chip-move")
    if (!link) {
      line.textContent = calendar.dataset.stays
      return
    }
    const from = link.dataset.wall.slice(0, 10)
    carried = { chip, link, from, date: new Date(`${from}T00:00Z`) }
    mark()
    line.textContent = calendar.dataset.moving.replace("{when}", inWords(carried))
  }

  function giveUp() {
    if (!carried) return
    carried.chip.classList.remove("carried")
    carried = null
    mark()
    line.textContent = calendar.dataset.gaveUp
  }

  function put() {
    const { link, from, date } = carried
    if (isoDay(date) === from) return giveUp()
    const form = document.getElementById("slot-move")
    const fields = new URL(link.href).searchParams
    fields.set("to", `${isoDay(date)}T${timeOf(link)}`)
    for (const [name, value] of fields) {
      const input = document.createElement("input")
      Object.assign(input, { type: "hidden", name, value })
      form.append(input)
    }
    carried = null
    line.textContent = calendar.dataset.moves
    form.submit()
  }

  function carry(key) {
    if (key in STEPS) {
      carried.date = new Date(carried.date.getTime() + STEPS[key] * 86_400_000)
      mark()
      line.textContent = inWords(carried)
    } else if (key === "Enter") put()
    else if (key === "Escape") giveUp()
    else return key !== "Tab" // nothing else is done meanwhile
    return true
  }

  calendar.addEventListener("keydown", (event) => {
    const { key, target } = event
    const day = target.closest("[data-date]")
    if (!day || event.ctrlKey || event.metaKey || event.altKey) return
    const takes = key.toLowerCase() === "m" && target.matches("a.chip, a.wkc")
    if (carried ? !carry(key) : takes ? take(target) : !walk(key, day)) return
    event.preventDefault()
    event.stopPropagation()
  })
  calendar.addEventListener("focusin", ({ target }) => {
    const day = target.closest("[data-date]")
    if (day) rove(day)
    if (carried && target !== carried.chip) giveUp()
  })
  calendar.addEventListener("focusout", ({ target }) => {
    if (carried && target === carried.chip) giveUp()
  })
})()

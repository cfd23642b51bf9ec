/* No typed word is lost: the story form keeps what is typed in this browser at once, at the server
   when typing pauses (articles/admin/open_forms.py), and offers again what was never saved. */
(() => {
  const place = document.getElementById("open-form")
  if (!place) return
  const PAUSE = 3_000 // ms after the last key
  const BEAT = 20_000 // ms between two signs of life, and before another try
  const { url, person, story, zone, signIn } = place.dataset
  const words = JSON.parse(place.dataset.words)
  const names = place.dataset.fields.split(" ")
  const form = document.getElementById("article_form")
  const own = form.elements.form_id
  const state = place.querySelector(".open-form-state")
  const others = place.querySelector(".open-form-others")
  const inWords = (sentence, values) => sentence.replace(/{(\w+)}/g, (_all, name) => values[name])

  // --- What the form holds. A list's rows go with their labels, which another page may not have.

  const valueOf = (control) =>
    control.options ? [...control.selectedOptions].map(({ value, text }) => [value, text]) : control.value
  const read = () => Object.fromEntries(names.map((name) => [name, valueOf(form.elements[name])]))
  const keys = (value) => (Array.isArray(value) ? value.map(([key]) => key) : [value])
  const same = (one, other) =>
    names.every((name) => !(name in one && name in other) || JSON.stringify(keys(one[name])) === JSON.stringify(keys(other[name])))

  function write(fields) {
    for (const name of names) {
      const control = form.elements[name]
      if (!(name in fields)) continue // kept before the form had it
      if (control.options) select(control, fields[name])
      else control.value = fields[name]
    }
    form.querySelector(".ProseMirror[contenteditable]")?.editor?.commands.setContent(fields.body)
    window.django.jQuery(form).find("select").trigger("change")
  }

  function select(control, rows) {
    for (const option of control.options) option.selected = false
    for (const [key, label] of rows) {
      const option = [...control.options].find(({ value }) => value === key) ?? new Option(label, key)
      option.selected = true
      control.append(option) // in the order they were picked
    }
  }

  // --- Copies in this browser, one a form and page load. It may keep none: then say so.

  const prefix = `newsroom:typed:${person}:${story}:`
  let key = prefix + own.value
  let isHere = true // whether this browser keeps what is typed
  const putBacks = [] // copies that were put back into the form

  function keepHere() {
    const copy = { at: new Date().toISOString(), seen: form.elements.seen.value, form: own.value, fields: read() }
    try {
      localStorage.setItem(key, JSON.stringify(copy))
      isHere = true
    } catch {
      isHere = false
    }
  }

  function drop(name) {
    try {
      localStorage.removeItem(name)
    } catch {
      isHere = false
    }
  }

  function copies() {
    try {
      const found = Object.keys(localStorage).filter((name) => name.startsWith(prefix))
      return found.map((name) => ({ ...JSON.parse(localStorage.getItem(name)), name }))
    } catch {
      return []
    }
  }

  // --- At the server

  let now = JSON.stringify(read())
  let isKept = !("posted" in place.dataset) // whether the server has what the form holds
  let isLeaving = false // whether the form is being saved
  let isInDoubt = false // whether it may be: the browser asked whether to leave, and tells no answer
  let timer = 0
  let asking = null // the request that is under way
  let under // its promise, or the last one’s

  // Another text than the form’s until now, which was saved or stays kept: with an id of its own.
  function renew() {
    const bytes = [...crypto.getRandomValues(new Uint8Array(16))]
    const hex = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("")
    own.value = hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")
    key = prefix + own.value
    isLeaving = isInDoubt = false
  }

  const hidden = (name, value) => Object.assign(document.createElement("input"), { type: "hidden", name, value })
  const takeUp = (text) => form.append(hidden("put_back", text))

  // What is typed now is not in the save, if that is under way; if it is not, it takes the place of
  // what was typed before.
  function renewInDoubt() {
    takeUp(own.value)
    putBacks.push(key)
    renew()
  }

  function changed() {
    const text = JSON.stringify(read())
    if (text === now) return
    if (isInDoubt) renewInDoubt()
    else if (isLeaving) renew() // typed after “Save” was pressed: the save does not have it
    now = text
    isKept = false
    keepHere()
    say(state, words.typing)
    clearTimeout(timer)
    timer = setTimeout(send, PAUSE)
  }

  async function ask(fields) {
    const data = new FormData()
    const known = "[name=csrfmiddlewaretoken], [name=typist], [name=form_id], [name=seen], [name=put_back]"
    for (const { name, value } of form.querySelectorAll(known)) data.append(name, value)
    for (const name in fields) for (const value of keys(fields[name])) data.append(name, value)
    try {
      const { signal } = asking
      const answer = await fetch(url, { method: "POST", body: data, signal })
      return { status: answer.status, ...(await answer.json().catch(() => ({}))) }
    } catch {
      return { status: 0 }
    }
  }

  const send = () => (asking ? under : (under = post()))

  async function post() {
    if (isLeaving || (isKept && story === "new")) return
    const sent = isKept ? null : now
    const fields = sent && JSON.parse(sent)
    const { signal } = (asking = new AbortController())
    let answer = await ask(fields)
    if (answer.token) {
      const tokens = document.querySelectorAll("[name=csrfmiddlewaretoken]")
      for (const input of tokens) input.value = answer.token
      answer = await ask(fields)
    }
    asking = null
    if (isLeaving || signal.aborted) return
    if (!isKept && sent !== now) {
      clearTimeout(timer) // typed while this one was under way, which may have outlasted the pause
      timer = setTimeout(send, PAUSE)
    } else if (answer.status === 200 && sent) {
      isKept = true
      for (const name of [key, ...putBacks.splice(0)]) drop(name)
    }
    tell(answer, Boolean(sent))
  }

  // --- What is said: in the bar above what is kept, and over the bar below what needs somebody.
  //     Neither moves the page.

  const alarm = document.getElementById("bar-note")
  let keptAt = ""

  function say(place, ...parts) {
    const said = parts.map((part) => part.textContent ?? part).join("")
    if (place.textContent !== said) place.replaceChildren(...parts)
  }

  function tell(answer, withText) {
    if (answer.status === 200) {
      const { kept_at, newer, others: people } = answer
      if (kept_at) keptAt = inWords(words.kept, { when: kept_at })
      say(others, people.length ? inWords(words.others, { names: people.join(", ") }) : "")
      say(state, isKept ? keptAt : words.typing)
      say(alarm, newer ? inWords(words.newer, newer) : "")
    } else if (answer.signed_out) {
      const link = Object.assign(document.createElement("a"), { href: signIn, target: "_blank", textContent: words.sign_in })
      say(alarm, isHere ? words.signed_out : words.nowhere, " ", link)
    } else if (answer.error) say(alarm, answer.error)
    else if (withText && !isHere) say(alarm, words.nowhere)
    else if (withText) say(alarm, answer.status ? words.unkept : words.offline)
  }

  // --- What an earlier page left in this browser

  function offer(copy) {
    const template = document.getElementById("unsaved-in-browser")
    const note = template.content.firstElementChild.cloneNode(true)
    const { lang } = document.documentElement
    const when = new Date(copy.at).toLocaleString(lang, { dateStyle: "medium", timeStyle: "short", timeZone: zone })
    note.querySelector("p").textContent = inWords(words.in_browser, { when })
    note.addEventListener("click", ({ target }) => {
      if (target.value === "put-back") putBack(copy)
      if (target.value === "throw-away") drop(copy.name)
      if (target.value) note.remove()
    })
    template.before(note)
  }

  function putBack(copy) {
    renew()
    const older = document.querySelector(`.unsaved[data-form="${copy.form}"]`)
    older?.remove()
    for (const value of [`${copy.form}|${copy.at}`, older?.dataset.ref]) {
      if (value) takeUp(value)
    }
    form.elements.seen.value = copy.seen
    putBacks.push(copy.name)
    write(copy.fields)
    now = ""
    changed()
  }

  if (!isKept) keepHere()
  const saved = place.dataset.saved.split(" ")
  for (const copy of copies()) {
    const isSaved = saved.includes(copy.form) || saved.includes(`${copy.form}|${copy.at}`)
    if (isSaved || (copy.name !== key && same(copy.fields, read()))) drop(copy.name)
    else if (copy.name !== key) offer(copy)
  }

  // --- When

  form.addEventListener("input", changed)
  window.django.jQuery(form).on("change", changed) // a list's own events are jQuery's
  const AGAIN = 10_000 // ms in which a second press of “Save” is the same one
  let left = -AGAIN
  form.addEventListener("submit", (event) => {
    if (isLeaving && event.timeStamp - left < AGAIN) {
      event.preventDefault()
      return
    }
    left = event.timeStamp
    isLeaving = true
    asking?.abort()
    if (!isKept) keepHere()
  })
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted && isLeaving) renew()
  })
  // A note or a plan typed beside the story is a form of its own (beside.js). Posted, it takes along
  // what is typed into the story, which the page then shows again.
  async function postBeside(event) {
    const shown = new URLSearchParams(location.search).get("typed") // put back when the page came
    const value = isKept && !keptAt ? shown : own.value
    if (!value) return // nothing was typed since the story was opened
    event.preventDefault()
    await under // it may be without what was typed last
    if (!isKept) await send()
    const one = event.target
    one.elements.typed?.remove() // of a post that was stayed from
    one.append(hidden("typed", value))
    isLeaving = true
    one.submit()
  }

  for (const one of document.querySelectorAll(".story-more form")) one.addEventListener("submit", postBeside)

  // The browser asked whether to leave. Whoever stays goes on as if nothing was pressed.
  function stay() {
    isInDoubt ||= isLeaving
    isLeaving = false
    left = -AGAIN
    clearTimeout(timer)
    timer = setTimeout(send, PAUSE)
  }

  addEventListener("beforeunload", (event) => {
    if (!isKept && !isLeaving) event.preventDefault()
    setTimeout(() => event.defaultPrevented && stay()) // or beside.js asks
  })
  addEventListener("online", send)
  document.addEventListener("visibilitychange", send)
  setInterval(() => {
    if (!isKept || !document.hidden) send()
  }, BEAT)
  send()
})()

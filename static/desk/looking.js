/* What the checks say and where the story is cut, while it is written: asked of the server
   (articles/admin/looking.py) when typing pauses. Counts of letters are kept here. */
(() => {
  const form = document.getElementById("article_form")
  if (!form) return
  const PAUSE = 1_000 // ms after the last key
  const NAMES = ["headline", "standfirst", "body", "kind", "section", "slug"]

  // --- Counts beside the fields: “47 of 70”, in the page’s own words

  function count(output) {
    const field = document.getElementById(output.getAttribute("for"))
    if (!field) return
    const { most, words } = output.dataset
    const update = () => {
      const n = [...field.value].length
      output.textContent = words.replace("{n}", n).replace("{most}", most)
      output.classList.toggle("over", n > Number(most))
    }
    field.addEventListener("input", update)
    update()
  }

  for (const output of document.querySelectorAll("output.count[for]")) count(output)

  // --- A fix, or what is wrong, leads to its field: in place of the body’s, which is hidden, to the
  //     editor

  const editor = () => form.querySelector(".ProseMirror[contenteditable=true]")

  function go(id) {
    const field = document.getElementById(id)
    const place = (id === "id_body" && editor()) || field
    if (!place) return false
    for (let details = place.closest("details"); details; details = details.parentElement.closest("details")) {
      details.open = true
    }
    place.focus()
    place.scrollIntoView({ block: "nearest" })
    if (id === "id_body" && !editor()) goWhenReady(document.activeElement)
    return true
  }

  // Who has gone elsewhere in the meantime is left there.
  function goUnlessLeft(id, from) {
    const field = document.getElementById(id)
    if ([from, field, document.body].includes(document.activeElement)) go(id)
  }

  // The editor comes after this script.
  function goWhenReady(from) {
    form.addEventListener("editor-ready", () => goUnlessLeft("id_body", from), { once: true })
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#id_"]')
    if (link && go(link.hash.slice(1))) event.preventDefault()
  })

  // From another page the address names the field. Chromium goes there itself before the first
  // frame after loading; where the editor has hidden the body’s field by then, that takes the focus
  // from whatever had it. So only after it.
  if (location.hash.startsWith("#id_")) {
    const from = document.activeElement
    addEventListener("load", () => {
      requestAnimationFrame(() => goUnlessLeft(location.hash.slice(1), from))
    })
  }

  // --- The checks and cuts

  const checks = document.getElementById("checks-in")
  const cuts = document.getElementById("cuts-in")
  const { look } = form.dataset
  if (!look || !checks || !form.elements.headline) return
  const read = () => NAMES.map((name) => form.elements[name]?.value ?? "")
  let seen = JSON.stringify(read())
  let musts = checks.querySelectorAll(".must").length // when somebody was last told
  let timer = 0
  let asking = null // the request that is under way

  function replace(place, html) {
    if (!place) return
    const fresh = document.createElement("div")
    fresh.innerHTML = html // our own templates escape what was typed
    const was = place.querySelector("details")
    const is = fresh.querySelector("details")
    if (was && is) is.open = was.open
    if (place.innerHTML === fresh.innerHTML) return
    const focused = place.contains(document.activeElement) && document.activeElement.getAttribute("href")
    place.replaceChildren(...fresh.childNodes)
    const again = [...place.querySelectorAll("a")].find((a) => a.getAttribute("href") === focused)
    if (focused) (again ?? place.querySelector("summary"))?.focus()
  }

  function say(id, words) {
    const place = document.getElementById(id)
    if (place) place.textContent = words
  }

  function showAddress(path) {
    const line = document.getElementById("address")
    if (!line) return
    line.querySelector("b").textContent = path
    line.hidden = !path || path === line.dataset.now
  }

  function tell(answer) {
    replace(checks, answer.checks)
    replace(cuts, answer.cuts)
    say("checks-n", answer.said)
    say("words", answer.words_said)
    say("title-cuts", answer.title_cuts)
    say("must-said", answer.must_said)
    say("jump-musts", answer.must || "")
    showAddress(answer.address)
    document.getElementById("mustline")?.toggleAttribute("hidden", !answer.must)
    if (musts !== answer.must) say("checks-told", answer.must_said) // read out, so only then
    musts = answer.must
  }

  async function ask() {
    asking?.abort()
    const mine = (asking = new AbortController())
    const data = new FormData()
    const token = form.querySelector("[name=csrfmiddlewaretoken]")
    if (token) data.append(token.name, token.value)
    read().forEach((value, at) => data.append(NAMES[at], value))
    try {
      const answer = await fetch(look, { method: "POST", body: data, signal: mine.signal })
      if (answer.ok) tell(await answer.json())
    } catch {
      // Overtaken, or not connected: what stands there stays, and the next pause asks again.
    }
  }

  function changed() {
    const now = JSON.stringify(read())
    if (now === seen) return
    seen = now
    clearTimeout(timer)
    timer = setTimeout(ask, PAUSE)
  }

  form.addEventListener("input", changed)
  window.django?.jQuery?.(form).on("change", changed) // a list's own events are jQuery's
  // A form that holds something else than the story: put back, or refused.
  if (document.querySelector("#open-form[data-posted]") || location.search.includes("typed=")) ask()
})()

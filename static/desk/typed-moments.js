/* A moment is typed in the newsroom's zone: beside it stands what that is on the editor's own
   clock, and how far away. Words and zone are the server's; without them nothing is shown. */
(() => {
  const given = document.getElementById("moment-words")?.dataset.words
  if (!given) return
  const words = JSON.parse(given)
  const MINUTE = 60_000
  const DAY = 24 * 60 * MINUTE
  const { lang } = document.documentElement
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone

  // What a clock on a wall of the zone shows at an instant, as if that were UTC.
  function onTheWall(instant, zone) {
    const parts = new Intl.DateTimeFormat("en", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric",
    }).formatToParts(instant)
    const { year, month, day, hour, minute } = Object.fromEntries(parts.map(({ type, value }) => [type, +value]))
    return Date.UTC(year, month - 1, day, hour, minute)
  }

  // The one instant at which the zone's clocks show it; none where they skip or repeat it.
  function instantOf(wall, zone) {
    const shown = Date.parse(`${wall}Z`)
    if (Number.isNaN(shown)) return null
    const guesses = [shown - DAY, shown + DAY].map((near) => shown - (onTheWall(near, zone) - near))
    const found = new Set(guesses.filter((guess) => onTheWall(guess, zone) === shown))
    return found.size === 1 ? [...found][0] : null
  }

  function howFar(instant) {
    const minutes = Math.trunc(Math.abs(instant - Date.now()) / MINUTE)
    if (!minutes) return instant > Date.now() ? words.soon : words.now
    const days = Math.trunc(minutes / 1440)
    const parts = [[days, words.days], [Math.trunc(minutes / 60) % 24, words.hours], [days ? 0 : minutes % 60, words.minutes]]
    const span = parts.filter(([n]) => n).map(([n, unit]) => unit.replace("{n}", n)).join(" ")
    return (instant > Date.now() ? words.ahead : words.ago).replace("{span}", span)
  }

  function say(input) {
    const { zone } = input.dataset
    const shown = input.parentElement.querySelector(".moment-here")
    const line = shown ?? input.parentElement.appendChild(document.createElement("span"))
    line.className = "moment-here helptext"
    line.textContent = ""
    let instant = null
    try {
      instant = instantOf(input.value, zone)
    } catch {
      return // a zone that this browser does not know
    }
    if (instant === null) return
    const isElsewhere = onTheWall(instant, here) !== onTheWall(instant, zone)
    const when = new Date(instant).toLocaleString(lang, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZoneName: "short" })
    line.textContent = [isElsewhere && words.here.replace("{when}", when), howFar(instant)].filter(Boolean).join(" · ")
  }

  const sayAll = () => document.querySelectorAll("input[type=datetime-local][data-zone]").forEach(say)
  document.addEventListener("input", ({ target }) => {
    if (target.matches("input[type=datetime-local][data-zone]")) say(target)
  })
  setInterval(sayAll, MINUTE / 2)
  sayAll()
})()

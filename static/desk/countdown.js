/* How far away a moment is, kept right while the page stands open. The words are the server's, and
   so is the clock: a browser's own may be wrong. Without this script they stand as of the page. */
(() => {
  const list = document.querySelector("[data-countdown]")
  if (!list) return
  const words = JSON.parse(list.dataset.countdown)
  const MINUTE = 60_000
  const behind = Date.parse(list.dataset.now) - Date.now()

  function howFar(moment) {
    const left = moment - (Date.now() + behind)
    const minutes = Math.trunc(Math.abs(left) / MINUTE)
    if (!minutes) return left > 0 ? words.soon : words.now
    const days = Math.trunc(minutes / 1440)
    const parts = [[days, words.days], [Math.trunc(minutes / 60) % 24, words.hours], [days ? 0 : minutes % 60, words.minutes]]
    const span = parts.filter(([n]) => n).map(([n, unit]) => unit.replace("{n}", n)).join(" ")
    return (left > 0 ? words.ahead : words.ago).replace("{span}", span)
  }

  function say() {
    for (const place of document.querySelectorAll("[data-until]")) {
      const said = howFar(Date.parse(place.dataset.until))
      if (place.textContent !== said) place.textContent = said
    }
  }

  setInterval(say, MINUTE / 6)
  document.addEventListener("visibilitychange", say)
})()

/* The list's ticks: one for all of the page, a range with the shift key, and how many there are. */
(() => {
  const all = document.getElementById("action-toggle")
  const counter = document.querySelector(".action-counter")
  const boxes = [...document.querySelectorAll(".action-select")]
  if (!all || !counter || !boxes.length) return
  let last = null

  function show() {
    const ticked = boxes.filter((box) => box.checked).length
    counter.textContent = counter.dataset.words.replace("{n}", ticked).replace("{all}", boxes.length)
    all.checked = ticked === boxes.length
    all.indeterminate = ticked > 0 && !all.checked
    for (const box of boxes) box.closest("tr").classList.toggle("selected", box.checked)
  }

  all.hidden = false
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked
    show()
  })
  for (const box of boxes) {
    box.addEventListener("click", (event) => {
      if (event.shiftKey && last && last !== box) {
        const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b)
        for (const between of boxes.slice(from, to + 1)) between.checked = box.checked
      }
      last = box
      show()
    })
  }
  window.addEventListener("pageshow", show) // going back keeps what was ticked
})()

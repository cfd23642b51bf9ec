/* A click on the picture sets its focal point; the ring and the crops follow what is typed. */
(() => {
  const picture = document.querySelector(".focal svg")
  const across = document.getElementById("id_focal_x")
  const down = document.getElementById("id_focal_y")
  if (!picture || !across || !down) return
  const { width, height } = picture.viewBox.baseVal
  const within = (value, most) => Math.min(Math.max(value, 0), most)

  // As articles/pixels.py cuts it: as near round the point as it fits.
  function cut(svg, x, y) {
    const ratio = svg.dataset.across / svg.dataset.down
    const wide = Math.min(width, height * ratio)
    const high = Math.min(height, width / ratio)
    const left = within(x - wide / 2, width - wide)
    const top = within(y - high / 2, height - high)
    svg.setAttribute("viewBox", `${left} ${top} ${wide} ${high}`)
  }

  function follow() {
    const x = (within(across.valueAsNumber || 0, 100) * width) / 100
    const y = (within(down.valueAsNumber || 0, 100) * height) / 100
    for (const ring of picture.querySelectorAll("circle")) {
      ring.setAttribute("cx", x)
      ring.setAttribute("cy", y)
    }
    for (const svg of document.querySelectorAll(".crop")) cut(svg, x, y)
  }

  picture.addEventListener("click", (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(picture.getScreenCTM().inverse())
    across.value = Math.round(within(point.x / width, 1) * 100)
    down.value = Math.round(within(point.y / height, 1) * 100)
    follow()
  })
  for (const field of [across, down]) field.addEventListener("input", follow)
})()

/* Names that the stock admin's own markup lacks, so that a screen reader can tell its fields
   apart: days and times, rows of a table, and the select2 lists. */
(() => {
  const textOf = (label) => (label ? label.textContent.replace(/\s*:\s*$/, "").trim() : "")
  const labelOf = (field) => textOf(document.querySelector(`label[for="${field?.id}"]`))

  function name(element, words) {
    if (element && words && !element.getAttribute("aria-label")) element.setAttribute("aria-label", words)
  }

  function nameTables() {
    for (const cell of document.querySelectorAll(".tabular td[class^='field-']")) {
      const column = cell.className.split("field-")[1].split(" ")[0]
      const head = cell.closest("table").querySelector(`th.column-${column}`)
      name(cell.querySelector("input, select, textarea"), textOf(head))
    }
    for (const tip of document.querySelectorAll("span.help-tooltip[aria-label]")) tip.setAttribute("role", "img")
  }

  function nameList(container) {
    const words = labelOf(container.previousElementSibling)
    const single = container.querySelector(".select2-selection--single")
    if (single) {
      single.removeAttribute("aria-labelledby")
      name(single, words)
      const rendered = single.querySelector(".select2-selection__rendered")
      for (const attribute of ["role", "aria-readonly"]) rendered?.removeAttribute(attribute)
    }
    name(container.querySelector(".select2-search__field"), words)
  }

  function mend() {
    nameTables()
    // “×” that takes everything out has no name and no key: each choice has its own.
    for (const clear of document.querySelectorAll(".select2-selection--multiple .select2-selection__clear")) clear.remove()
    for (const container of document.querySelectorAll(".select2-container")) nameList(container)
  }

  addEventListener("load", () => setTimeout(mend)) // after select2 has made its lists
  document.addEventListener("formset:added", mend)
  window.django?.jQuery?.(document).on("change select2:open", "select", () => setTimeout(mend))
})()

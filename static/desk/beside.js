/* What is typed beside a story, a note or a plan, is kept nowhere until it is posted: it is not left
   without asking, by whoever may only read the story neither. */
(() => {
  // Without what scripts put there: tokens, and the story's text.
  const isTyped = (form) => ([name]) => form.elements.namedItem(name).type !== "hidden"
  const written = (form) => JSON.stringify([...new FormData(form)].filter(isTyped(form)))
  const forms = [...document.querySelectorAll(".story-more form")]
  const began = new Map(forms.map((form) => [form, written(form)]))
  let posted = null // the one that is on its way

  for (const form of forms) form.addEventListener("submit", () => (posted = form))
  addEventListener("beforeunload", (event) => {
    if (forms.some((form) => form !== posted && written(form) !== began.get(form))) event.preventDefault()
    // Asked, here or by story-form.js: whoever stays has it still.
    setTimeout(() => event.defaultPrevented && (posted = null))
  })
})()

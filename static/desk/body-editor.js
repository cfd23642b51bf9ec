/* What the body editor has beyond the library's: pull quotes, pictures of the library, links that are
   an address only, lists without a look of their own. The server lets exactly this markup stand: articles/body.py. */
import {
  Bold as LibraryBold, Italic as LibraryItalic, Link as LibraryLink, Node, OrderedList as LibraryOrderedList,
} from "django-prose-editor/editor"

const QuoteText = Node.create({
  name: "pullQuoteText",
  content: "paragraph+",
  parseHTML: () => [{ tag: "blockquote", context: "pullQuote/", priority: 60 }],
  renderHTML: () => ["blockquote", 0],
})

const QuoteSource = Node.create({
  name: "pullQuoteSource",
  content: "inline*",
  parseHTML: () => [{ tag: "figcaption", context: "pullQuote/" }],
  renderHTML: () => ["figcaption", 0],
  // Enter at the end of the source leaves the quote.
  addKeyboardShortcuts() {
    return {
      Enter: ({ editor }) => {
        const { $from, empty } = editor.state.selection
        if (!empty || $from.parent.type.name !== this.name) return false
        const after = $from.after($from.depth - 1)
        return editor.chain().insertContentAt(after, { type: "paragraph" }).setTextSelection(after + 1).run()
      },
    }
  },
})

export const PullQuote = Node.create({
  name: "pullQuote",
  group: "block",
  content: "pullQuoteText pullQuoteSource?",
  defining: true,
  isolating: true,
  addExtensions: () => [QuoteText, QuoteSource],
  parseHTML: () => [{ tag: "figure.pull" }],
  renderHTML: () => ["figure", { class: "pull" }, 0],
  addCommands: () => ({
    // After the paragraph, with the words that are selected in it; the cursor is in what is still empty.
    addPullQuote: () => ({ editor, chain }) => {
      const { from, to, $to } = editor.state.selection
      const words = editor.state.doc.textBetween(from, to, " ")
      const text = words ? [{ type: "text", text: words }] : []
      const after = $to.after(1)
      return chain().insertContentAt(after, {
        type: "pullQuote",
        content: [
          { type: "pullQuoteText", content: [{ type: "paragraph", content: text }] },
          { type: "pullQuoteSource" },
        ],
      }).setTextSelection(after + 3 + (words ? words.length + 3 : 0)).run()
    },
  }),
})

const place = document.querySelector("[data-pictures]")
const words = JSON.parse(place?.dataset.editorWords ?? "{}")

/* A picture as it is written: what it shows, its description in this story, and below it the caption. */
function pictureView({ node, editor, getPos }) {
  let shown = node
  const dom = Object.assign(document.createElement("figure"), { className: "picture" })
  const img = Object.assign(document.createElement("img"), { alt: "", draggable: false })
  const label = document.createElement("label")
  const input = Object.assign(document.createElement("input"), { type: "text", maxLength: 250, dir: "auto" })
  const contentDOM = document.createElement("figcaption")
  contentDOM.dataset.hint = words.caption ?? ""
  label.contentEditable = "false"
  label.append(words.description ?? "", input)
  dom.append(img, label, contentDOM)
  input.addEventListener("input", () => {
    const at = getPos()
    editor.view.dispatch(editor.state.tr.setNodeMarkup(at, undefined, { ...shown.attrs, alt: input.value }))
  })
  const update = (next) => {
    if (next.type !== node.type) return false
    shown = next
    const address = place?.dataset.thumb.replace("/0/", `/${next.attrs.image}/`) ?? ""
    if (img.getAttribute("src") !== address) img.setAttribute("src", address)
    if (input.value !== next.attrs.alt) input.value = next.attrs.alt
    contentDOM.classList.toggle("empty", !next.content.size)
    return true
  }
  update(node)
  return {
    dom,
    contentDOM,
    update,
    stopEvent: ({ target }) => target === input,
    ignoreMutation: ({ target }) => !contentDOM.contains(target),
  }
}

export const Picture = Node.create({
  name: "picture",
  group: "block",
  content: "inline*",
  defining: true,
  isolating: true,
  addAttributes: () => ({ image: { default: null }, alt: { default: "" } }),
  parseHTML: () => [
    {
      tag: "figure.picture[data-image]",
      priority: 60,
      contentElement: (figure) => figure.querySelector("figcaption") ?? document.createElement("figcaption"),
      getAttrs: (figure) => ({
        image: figure.dataset.image, alt: figure.querySelector("img")?.getAttribute("alt") ?? "",
      }),
    },
  ],
  renderHTML: ({ node }) => [
    "figure", { class: "picture", "data-image": node.attrs.image }, ["img", { alt: node.attrs.alt }], ["figcaption", 0],
  ],
  addNodeView: () => pictureView,
  addCommands: () => ({
    // After the paragraph that the cursor is in, which stands in the caption then.
    addPicture: (image) => ({ editor, chain }) => {
      const after = editor.state.selection.$to.after(1)
      return chain().insertContentAt(after, { type: "picture", attrs: { image: String(image), alt: "" } })
        .setTextSelection(after + 1).run()
    },
  }),
  // Enter at the end of the caption leaves the picture.
  addKeyboardShortcuts() {
    return {
      Enter: ({ editor }) => {
        const { $from, empty } = editor.state.selection
        if (!empty || $from.parent.type.name !== this.name) return false
        const after = $from.after()
        return editor.chain().insertContentAt(after, { type: "paragraph" }).setTextSelection(after + 1).run()
      },
    }
  },
})

// What is typed or pasted as an address stays words until somebody makes a link of it.
export const Link = LibraryLink.extend({
  addOptions() {
    return { ...this.parent?.(), autolink: false, linkOnPaste: false }
  },
  addPasteRules: () => [],
  addKeyboardShortcuts: () => ({}), // Control+K opens the toolbar’s dialog
})

// A pasted asterisk is an asterisk.
export const Bold = LibraryBold.extend({ addPasteRules: () => [] })
export const Italic = LibraryItalic.extend({ addPasteRules: () => [] })

// The library’s would write a start and a look, which the server takes away.
export const OrderedList = LibraryOrderedList.extend({
  addAttributes: () => ({}),
  addNodeView: () => null,
})

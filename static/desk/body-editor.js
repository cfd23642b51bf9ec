/* What the body editor has beyond the library's: pull quotes, and links that are an address only.
   The server lets exactly this markup stand: articles/body.py. */
import { Link as LibraryLink, Node, gettext, updateAttrsDialog } from "django-prose-editor/editor"

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
  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "pullQuote",
      groups: "nodes",
      button: buttons.material("campaign", gettext("pull quote")),
      active: (editor) => editor.isActive("pullQuote"),
      enabled: (editor) => !editor.isActive("pullQuote"),
      command(editor) {
        const { from, to } = editor.state.selection
        const words = editor.state.doc.textBetween(from, to, " ")
        const text = words ? [{ type: "text", text: words }] : []
        editor.chain().focus().insertContentAt(editor.state.selection.$to.after(1), {
          type: "pullQuote",
          content: [
            { type: "pullQuoteText", content: [{ type: "paragraph", content: text }] },
            { type: "pullQuoteSource" },
          ],
        }).run()
      },
    })
  },
})

const askAddress = updateAttrsDialog({ href: { type: "string", title: "URL" } }, { title: "Link" })

export const Link = LibraryLink.extend({
  addCommands() {
    return {
      ...this.parent?.(),
      addLink: () => ({ editor }) => {
        const active = editor.isActive("link")
        if (editor.state.selection.empty && !active) return
        askAddress(editor, editor.getAttributes("link")).then((attrs) => {
          if (!attrs) return
          const chain = editor.chain().focus()
          if (active) chain.extendMarkRange("link").updateAttributes("link", attrs).run()
          else chain.setMark("link", attrs).run()
        })
      },
    }
  },
})

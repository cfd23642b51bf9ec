/* What the body editor has beyond the library's: pull quotes, links that are an address only, lists
   without a look of their own. The server lets exactly this markup stand: articles/body.py. */
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

// Keeps relative times true in an open tab, by the rule of articles/pages/relative_time.py.
// Its tag brings the words: for each unit [templates, for each number from 1 which one it takes].
(() => {
  const words = JSON.parse(document.currentScript.dataset.words);
  const DAY = 864e5; // milliseconds
  const UNITS = [["minute", 6e4, 59], ["hour", 36e5, 23], ["day", DAY, 6]];
  let timer;

  // The words of a label now, and the moment at which they next change.
  function read(label, now) {
    const then = Date.parse(label.dateTime);
    const age = now - then;
    if (age < 0) return [label.textContent, then];
    if (age < 6e4) return [words.now, then + 6e4];
    for (const [unit, length, most] of UNITS) {
      const count = Math.floor(age / length);
      if (count <= most) {
        const [templates, forms] = words[unit];
        const text = templates[forms[count - 1]].replace("%d", count);
        return [text, then + (count + 1) * length];
      }
    }
    return [label.dataset.date, Infinity];
  }

  function update() {
    const now = Date.now();
    let next = Infinity;
    for (const label of document.querySelectorAll("time[data-date]")) {
      const [text, until] = read(label, now);
      if (label.textContent !== text) label.textContent = text;
      next = Math.min(next, until);
    }
    clearTimeout(timer);
    // A longer wait than 24.8 days would overflow and fire at once.
    if (next < Infinity) timer = setTimeout(update, Math.min(next - now, DAY));
  }

  update();
  // A tab that slept, or comes back from the history, missed its timer.
  addEventListener("pageshow", update);
  document.addEventListener("visibilitychange", update);
})();

// Says that a story changed since this browser read it. Kept here only, of 200 stories:
// [story, when it last changed, when it was read]. A preview has another path.
(() => {
  const { path, story, updated } = document.currentScript.dataset;
  const line = document.getElementById("changed");
  if (path !== location.pathname) return;
  try {
    const read = JSON.parse(localStorage.read || "[]");
    const at = read.findIndex((one) => one[0] === story);
    const [, had, when] = at < 0 ? [] : read.splice(at, 1)[0];
    read.push([story, Math.max(updated, had || 0), Date.now()]);
    localStorage.read = JSON.stringify(read.slice(-200));
    if (!line || !(had < updated)) return;
    line.querySelector("time").textContent = new Date(when).toLocaleDateString(
      document.documentElement.lang, { dateStyle: "long" });
    line.hidden = false;
  } catch {} // blocked, or full
})();

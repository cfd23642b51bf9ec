// What a story's page keeps in this browser, and tells the server.
(() => {
  const { path, story, updated, counted } = document.currentScript.dataset;

  // Says that the story changed since this browser read it. Kept here only, of 200 stories:
  // [story, when it last changed, when it was read]. A preview has another path.
  function remember() {
    const read = JSON.parse(localStorage.read || "[]");
    const at = read.findIndex((one) => one[0] === story);
    const [, had, when] = at < 0 ? [] : read.splice(at, 1)[0];
    read.push([story, Math.max(updated, had || 0), Date.now()]);
    localStorage.read = JSON.stringify(read.slice(-200));
    const line = document.getElementById("changed");
    if (!line || !(had < updated)) return;
    line.querySelector("span").textContent = new Date(when).toLocaleDateString(
      document.documentElement.lang, { dateStyle: "long" });
    line.hidden = false;
  }

  // Tells once that the story was read: after 3 s in view, and nothing of by whom.
  let timer;
  function look() {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(tell, 3000);
  }

  function tell() {
    document.removeEventListener("visibilitychange", look);
    navigator.sendBeacon("/most-read/", story);
  }

  if (path === location.pathname) {
    try {
      remember();
    } catch {} // blocked, or full
  }
  if (counted && navigator.doNotTrack !== "1" && !navigator.globalPrivacyControl) {
    document.addEventListener("visibilitychange", look);
    look();
  }
})();

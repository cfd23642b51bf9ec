// Tells once that this story was read: after 3 s in view, and nothing of by whom.
(() => {
  const {story} = document.currentScript.dataset;
  const {doNotTrack, globalPrivacyControl} = navigator;
  if (doNotTrack === "1" || globalPrivacyControl) return;
  let timer;

  function look() {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(tell, 3000);
  }

  function tell() {
    document.removeEventListener("visibilitychange", look);
    navigator.sendBeacon("/most-read/", story);
  }

  document.addEventListener("visibilitychange", look);
  look();
})();

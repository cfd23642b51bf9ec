// Lets the links of a previewed page open in a tab of their own: the site's pages refuse a frame.
for (const frame of document.querySelectorAll(".preview-screen iframe")) {
  const adopt = () =>
    frame.contentDocument?.addEventListener("click", (event) => {
      const link = event.target.closest?.("a[href]");
      if (!link || link.getAttribute("href").startsWith("#")) return;
      link.target = "_blank";
      link.rel = "noopener";
    });
  frame.addEventListener("load", adopt);
  adopt(); // it may have loaded before this did
}

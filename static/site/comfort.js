// The reader's colours and text size, before the first paint.
{
  const worn = document.documentElement.dataset;
  const bars = document.getElementsByName("theme-color");
  const [light, dark] = Array.from(bars, (bar) => bar.content);
  const show = () => {
    for (const name of ["scheme", "size"]) {
      worn[name] = localStorage[name] ?? "";
      for (const one of document.getElementsByName(name)) one.checked = one.value === worn[name];
    }
    for (const bar of bars) bar.content = { light, dark }[worn.scheme || bar.id];
  };
  try {
    show();
    for (const on of ["DOMContentLoaded", "pageshow"]) addEventListener(on, show);
    onchange = ({ target: { name, value } }) => {
      if (name in worn) localStorage[name] = value;
      show();
    };
  } catch {} // no storage
}

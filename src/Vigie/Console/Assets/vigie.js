// Keyboard shortcuts, nothing else: every page works without this file.
"use strict";
(() => {
  let afterG = false;
  const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;
  const rows = () => [...document.querySelectorAll("main a.row, main [data-row]")].filter((row) => row.offsetParent !== null && !row.querySelector?.("a.row"));

  const move = (step) => {
    const all = rows();
    if (all.length === 0) return;
    const at = all.findIndex((row) => row === document.activeElement || row.contains(document.activeElement));
    const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1);
    all[next].focus();
    all[next].scrollIntoView({ block: "nearest" });
  };

  const goTo = (key) => {
    const link = document.querySelector(`nav a[data-key="${CSS.escape(key)}"]`);
    if (link) location.assign(link.href);
    return link !== null;
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || typing(event.target)) return;
    const help = document.getElementById("keys");
    if (help?.open) return;
    const going = afterG;
    afterG = false;
    if (going && goTo(event.key)) { event.preventDefault(); return; }
    switch (event.key) {
      case "j": move(1); break;
      case "k": move(-1); break;
      case "g": afterG = true; break;
      case "/": document.querySelector("main input[type=search]")?.focus(); break;
      case "b": {
        const link = document.querySelector('main a[data-shortcut="b"]');
        if (!link) return;
        link.click();
        document.getElementById(link.hash.slice(1))?.focus({ preventScroll: true });
        break;
      }
      case "?": help?.showModal(); break;
      default: return;
    }
    event.preventDefault();
  });

  // Whoever opens an incident from a list can go on to its neighbours there (incident.js).
  document.addEventListener("click", (event) => {
    const opened = event.target.closest?.("a.row[href^='/incidents/']");
    if (!opened) return;
    const list = [...document.querySelectorAll("main a.row[href^='/incidents/']")].map((row) => row.pathname);
    try { sessionStorage.setItem("vigie-list", JSON.stringify([...new Set(list)])); } catch { /* no room: no neighbours */ }
  });
})();

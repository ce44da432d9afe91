// Keyboard shortcuts, selecting rows, and news of incidents; every page works without this file.
"use strict";
(() => {
  let afterG = false;
  const typing = (element) => element.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") !== null;
  const rows = () => [...document.querySelectorAll("main a.row, main [data-row]")].filter((row) => row.offsetParent !== null && !row.querySelector?.("a.row"));
  const current = () => { const line = document.activeElement.closest?.("tr, li"); return rows().find((row) => row === document.activeElement || line?.contains(row)); };

  const move = (step) => {
    const all = rows();
    if (all.length === 0) return;
    const at = all.indexOf(current());
    const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1);
    all[next].focus();
    all[next].scrollIntoView({ block: "nearest" });
  };

  const goTo = (key) => {
    const link = document.querySelector(`nav a[data-key="${CSS.escape(key)}"]`);
    if (link) location.assign(link.href);
    return link !== null;
  };

  // Rows that can be selected, and what is done with those that are.
  const bulk = document.querySelector("form[data-bulk]");
  const picks = () => [...(bulk?.querySelectorAll("td.pick input") ?? [])];
  const here = `row:${location.pathname}${location.search}`;
  const tally = () => {
    const picked = picks().filter((box) => box.checked).length;
    const count = bulk.querySelector("[data-picked]");
    if (count) count.textContent = picked > 0 ? `(${picked})` : "";
    const all = bulk.querySelector("[data-pick-all]");
    if (all) { all.checked = picked > 0 && picked === picks().length; all.indeterminate = picked > 0 && !all.checked; }
    for (const box of picks()) box.closest("tr").classList.toggle("picked", box.checked);
  };
  const pick = (toggle) => {
    const box = current()?.closest("tr")?.querySelector("td.pick input");
    if (!box) return false;
    box.checked = toggle ? !box.checked : true;
    tally();
    return true;
  };
  if (bulk) {
    bulk.addEventListener("change", (event) => {
      if (event.target.matches("[data-pick-all]")) for (const box of picks()) box.checked = event.target.checked;
      tally();
    });
    bulk.addEventListener("submit", () => sessionStorage.setItem(here, String(Math.max(0, rows().indexOf(current())))));
    const was = sessionStorage.getItem(here);
    sessionStorage.removeItem(here);
    if (was !== null) rows()[Math.min(Number(was), rows().length - 1)]?.focus();
    tally();
  }

  // A page says what a key does by data-shortcut: a button or link is pressed, a fold is opened and its first field entered.
  const shortcut = (key) => {
    const target = document.querySelector(`main [data-shortcut="${CSS.escape(key)}"], main [data-key="${CSS.escape(key)}"]`);
    if (!target) return false;
    if (bulk?.contains(target) && !picks().some((box) => box.checked) && !pick(false)) return false;
    if (target.localName === "details") {
      target.open = true;
      target.querySelector("input:not([type=hidden]), select, textarea, button")?.focus();
      target.scrollIntoView({ block: "nearest" });
    } else if (target.matches("input, select, textarea")) target.focus();
    else {
      target.click();
      if (target.hash) document.getElementById(target.hash.slice(1))?.focus({ preventScroll: true });
    }
    return true;
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
      case "o": { const row = current(); if (!row) return; (row.href ? row : row.querySelector("a"))?.click(); break; }
      case "x": if (!pick(true)) return; break;
      case "u": document.querySelector("main .crumb a")?.click(); break;
      case "g": afterG = true; break;
      case "/": (document.querySelector("main input[type=search]") ?? document.querySelector("[data-find]"))?.focus(); break;
      case "?": help?.showModal(); break;
      default: if (event.shiftKey || !/^[a-z]$/.test(event.key) || !shortcut(event.key)) return;
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

  // News of incidents: the count in the navigation, rows that changed, and an offer to show what is new. Nothing moves by itself.
  const address = document.querySelector("[data-live]")?.dataset.live;
  if (!address || !window.EventSource) return;
  const note = document.querySelector("[data-live-note]");
  const numbers = new Intl.NumberFormat(document.documentElement.lang);
  const changed = new Set();
  let source = null;
  let wait = 2000;
  let timer = 0;

  const count = (waiting) => {
    for (const link of document.querySelectorAll('nav a[href="/incidents"]')) {
      let badge = link.querySelector(".count");
      if (waiting === 0) { badge?.remove(); continue; }
      if (!badge) link.append(badge = Object.assign(document.createElement("span"), { className: "count" }));
      badge.textContent = numbers.format(waiting);
    }
  };
  const mark = (incidents) => {
    for (const number of incidents) {
      changed.add(number);
      const row = document.querySelector(`tr[data-incident="${number}"]`);
      if (!row || row.classList.contains("changed")) continue;
      row.classList.add("changed");
      row.querySelector(".what small")?.prepend(Object.assign(document.createElement("span"), { className: "tag info", textContent: note.dataset.changed }), " ");
    }
  };
  const tell = (news) => {
    count(news.new);
    if (!note || (news.changed.length === 0 && !news.everything)) return;
    mark(news.changed);
    const many = news.everything ? Math.max(changed.size, 1000) : changed.size;
    note.firstElementChild.textContent = many === 1 ? note.dataset.one : note.dataset.many.replace("{0}", (news.everything ? "≥ " : "") + numbers.format(many));
    note.hidden = false;
  };
  const close = () => { source?.close(); source = null; clearTimeout(timer); };
  const open = () => {
    close();
    if (document.hidden) return;
    source = new EventSource(address);
    source.addEventListener("incidents", (event) => { wait = 2000; tell(JSON.parse(event.data)); });
    // The browser would try again at the same pace for ever: here the pauses grow.
    source.onerror = () => { close(); timer = setTimeout(open, wait * (0.75 + Math.random() / 2)); wait = Math.min(wait * 2, 120000); };
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", (event) => { if (event.persisted) open(); });
  open();
})();

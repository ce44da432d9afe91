// The page of an incident: its neighbours in the list one came from, and the movable map. Everything works without it.
"use strict";
(() => {
  // Neighbours: the list one came from left its rows in this tab.
  const nav = document.querySelector("[data-neighbours]");
  let rows = [];
  try { rows = JSON.parse(sessionStorage.getItem("vigie-list") ?? "[]"); } catch { /* not ours */ }
  const at = Array.isArray(rows) ? rows.indexOf(location.pathname) : -1;
  if (nav && at >= 0 && rows.length > 1) {
    for (const link of nav.querySelectorAll("[data-step]")) {
      const next = rows[at + Number(link.dataset.step)];
      if (typeof next === "string" && next.startsWith("/incidents/")) link.href = next; else link.hidden = true;
    }
    nav.hidden = false;
  }

  // The movable map is made of the still one, so that both always say the same.
  const figure = document.querySelector("[data-map][data-island]");
  if (!figure) return;
  const [still, live, bar, move, back, says] = [".map-still", "[data-map-live]", "[data-switch]", "[data-move]", "[data-still]", "[data-says]"].map((s) => figure.querySelector(s));
  let map = null;
  bar.hidden = false;
  const show = (moving) => {
    still.hidden = moving; live.hidden = !moving; move.hidden = moving; back.hidden = !moving;
    (moving ? back : move).focus();
  };

  // A canvas knows no variables: what a color comes to in the present theme is asked of an element that has it.
  const color = (name) => {
    live.style.color = `var(${name})`;
    const value = getComputedStyle(live).color;
    live.style.color = "";
    return value;
  };
  const draw = (cytoscape) => {
    const nodes = [...figure.querySelectorAll(".map-still [data-n]")].map((node) => {
      const box = node.querySelector("rect");
      return {
        data: { id: node.dataset.n, label: `${node.dataset.kind}\n${node.dataset.label}`, href: node.getAttribute("href"), line: color(node.matches(".s4, .s3") ? "--danger" : node.matches(".s2") ? "--lamp" : "--line-strong") },
        position: { x: Number(box.getAttribute("x")) + Number(box.getAttribute("width")) / 2, y: Number(box.getAttribute("y")) + 19 },
      };
    });
    const edges = [...figure.querySelectorAll(".map-still path[data-a]")].map((edge, i) => ({ data: { id: `e${i}`, source: edge.dataset.a, target: edge.dataset.b, width: 1 + Math.min(6, Math.log2(Number(edge.dataset.count) + 1)) } }));
    map = cytoscape({
      container: live, elements: { nodes, edges }, minZoom: 0.2, maxZoom: 4,
      layout: { name: "preset", fit: true, padding: 16 },
      style: [
        { selector: "node", style: { shape: "round-rectangle", width: 158, height: 38, label: "data(label)", "text-wrap": "wrap", "text-valign": "center", "font-size": 11, color: color("--text"), "background-color": color("--surface"), "border-width": 2, "border-color": "data(line)" } },
        { selector: "edge", style: { width: "data(width)", "line-color": color("--line-strong"), "curve-style": "bezier", opacity: 0.6 } },
        { selector: ".away", style: { opacity: 0.15 } },
      ],
    });
    map.on("tap", "node", (event) => {
      const near = event.target.closedNeighborhood();
      map.elements().addClass("away");
      near.removeClass("away");
    });
    map.on("tap", (event) => { if (event.target === map) map.elements().removeClass("away"); });
    map.on("dbltap", "node", (event) => { const href = event.target.data("href"); if (href) location.assign(href); });
  };

  move.addEventListener("click", async () => {
    try {
      const loaded = map ? null : await import(figure.dataset.island);
      // As high as the picture it takes the place of.
      live.style.height = `${Math.min(704, Math.max(240, still.offsetHeight))}px`;
      show(true);
      if (loaded) draw(loaded.default);
      figure.dataset.drawn = "yes";
    } catch {
      show(false);
      says.textContent = figure.dataset.failed;
    }
  });
  back.addEventListener("click", () => show(false));
})();

"use strict";
(() => {
  const { nodes, around } = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const svg = byId("graph"), panel = byId("panel"), search = byId("search"), typeFilter = byId("type");
  const drawn = [...svg.querySelectorAll(".node")];
  const edges = [...svg.querySelectorAll("#edges path")];
  const hidden = new Set();
  let chosen = null;

  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  nodes.forEach((node, index) => {
    node.index = index;
    node.text = (node.address + " " + node.html.replace(/<[^>]*>/g, "")).toLowerCase();
    node.users = [];
  });
  nodes.forEach((node) => node.depends.forEach(([to, reason]) => nodes[to].users.push([node.index, reason])));
  byId("edges").classList.toggle("many", edges.length > 250);

  // Filters.
  const kinds = ["create", "update", "replace", "destroy", "adopt", "read", "forget", "unchanged"];
  const plain = nodes.every((node) => node.kind === "unchanged");
  for (const kind of kinds) {
    const count = nodes.filter((node) => node.kind === kind).length;
    if (!count) continue;
    const label = plain ? `${count} nodes` : `${count} ${kind}`;
    const button = make("button", { className: kind, title: "Show or hide", textContent: label });
    button.addEventListener("click", () => {
      hidden.has(kind) ? hidden.delete(kind) : hidden.add(kind);
      button.classList.toggle("off", hidden.has(kind));
      refilter();
    });
    byId("counts").append(button);
  }
  const counts = new Map();
  nodes.forEach((node) => counts.set(node.type, (counts.get(node.type) ?? 0) + 1));
  [...counts].sort().forEach(([type, count]) =>
    typeFilter.append(make("option", { value: type, textContent: `${type} (${count})` })));

  const passes = (node) => !hidden.has(node.kind) && (!typeFilter.value || node.type === typeFilter.value) &&
    search.value.toLowerCase().split(/\s+/).every((word) => node.text.includes(word));

  function refilter() {
    const passing = nodes.map(passes);
    drawn.forEach((element, index) => element.classList.toggle("out", !passing[index]));
    edges.forEach((edge) => edge.classList.toggle("out", !passing[edge.dataset.from] || !passing[edge.dataset.to]));
    if (chosen === null) list();
  }
  search.addEventListener("input", () => {
    refilter();
    const first = nodes.findIndex(passes);
    if (search.value && first >= 0 && chosen === null) bringIntoView(first);
  });
  typeFilter.addEventListener("change", refilter);

  // The panel: all nodes, or one.
  function item(index, reason) {
    const node = nodes[index];
    const line = make("li", { className: node.kind, tabIndex: 0 }, make("b", { textContent: node.sign }),
      make("span", {}, node.address, " ", make("i", { textContent: reason ?? "" })));
    line.addEventListener("click", () => choose(index, true));
    line.addEventListener("keydown", (event) => event.key === "Enter" && choose(index, true));
    return line;
  }

  function section(title, lines) {
    if (!lines.length) return [];
    return [make("h3", { textContent: `${title} (${lines.length})` }), make("ul", {}, ...lines)];
  }

  function list() {
    panel.replaceChildren();
    const passing = nodes.filter(passes);
    const told = around.map(({ title, html }) => [make("h3", { textContent: title }), make("pre", { innerHTML: html })]);
    const of = (unchanged) => passing.filter((node) => (node.kind === "unchanged") === unchanged);
    panel.append(...section("Changes", of(false).map((node) => item(node.index))), ...told.flat(),
      ...section(plain ? "Nodes" : "Unchanged", of(true).map((node) => item(node.index))));
    if (!passing.length) panel.append(make("p", { textContent: "Nothing passes the filter." }));
  }

  function show(index) {
    const node = nodes[index];
    const back = make("button", { className: "back", textContent: "× close", title: "Escape" });
    back.addEventListener("click", () => choose(null));
    panel.replaceChildren(back, make("h2", { textContent: node.address }),
      make("p", { textContent: [node.kind, node.origin].filter(Boolean).join(" · ") }),
      make("pre", { innerHTML: node.html }),
      ...section("Depends on", node.depends.map(([to, reason]) => item(to, reason))),
      ...section("Used by", node.users.map(([from, reason]) => item(from, reason))));
    panel.scrollTop = 0;
  }

  function choose(index, reveal) {
    chosen = index;
    svg.classList.toggle("choosing", index !== null);
    const near = new Set();
    if (index !== null) {
      near.add(index);
      nodes[index].depends.forEach(([to]) => near.add(to));
      nodes[index].users.forEach(([from]) => near.add(from));
    }
    drawn.forEach((element, place) => {
      element.classList.toggle("chosen", place === index);
      element.classList.toggle("near", near.has(place));
    });
    edges.forEach((edge) => {
      edge.classList.toggle("needs", +edge.dataset.from === index && index !== null);
      edge.classList.toggle("needed", +edge.dataset.to === index && index !== null);
    });
    history.replaceState(null, "", index === null ? location.pathname : "#" + nodes[index].address);
    if (index === null) return list();
    show(index);
    if (reveal) bringIntoView(index);
  }

  // Looking around: the view box moves, nothing is laid out anew.
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  let view = { x: 0, y: 0, width, height };
  const room = () => svg.getBoundingClientRect();

  function apply() {
    svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
  }

  function setScale(scale, x, y) {
    const { width: w, height: h } = room();
    const at = Math.min(Math.max(scale, 0.08), 3);
    const before = w / view.width;
    const px = (x - view.x) * before, py = (y - view.y) * before;
    view = { x: x - px / at, y: y - py / at, width: w / at, height: h / at };
    apply();
  }

  /** Everything, or as much of it from the left as can be read. */
  function fit(all) {
    const { width: w, height: h } = room();
    const whole = Math.min(w / width, h / height);
    const scale = all ? Math.min(whole, 1.25) : Math.min(Math.max(whole, 0.68), 1.25);
    const visible = { width: w / scale, height: h / scale };
    view = { ...visible, x: Math.min(0, (width - visible.width) / 2), y: (height - visible.height) / 2 };
    if (visible.height < height) view.y = 0;
    apply();
  }

  function bringIntoView(index) {
    const box = drawn[index].getBBox();
    const inside = box.x >= view.x && box.y >= view.y && box.x + box.width <= view.x + view.width &&
      box.y + box.height <= view.y + view.height;
    if (inside) return;
    view.x = box.x + box.width / 2 - view.width / 2;
    view.y = box.y + box.height / 2 - view.height / 2;
    apply();
  }

  const point = (event) => {
    const box = room();
    const scale = view.width / box.width;
    return [view.x + (event.clientX - box.left) * scale, view.y + (event.clientY - box.top) * scale];
  };
  const scaleNow = () => room().width / view.width;
  svg.addEventListener("wheel", (event) => {
    event.preventDefault();
    if (event.shiftKey) {
      view.x += event.deltaY / scaleNow();
      return apply();
    }
    setScale(scaleNow() * Math.exp(-event.deltaY * 0.0015), ...point(event));
  }, { passive: false });
  let drag = null;
  svg.addEventListener("pointerdown", (event) => {
    drag = { x: event.clientX, y: event.clientY, from: { ...view }, moved: false };
  });
  svg.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const dx = event.clientX - drag.x, dy = event.clientY - drag.y;
    if (!drag.moved && Math.hypot(dx, dy) < 4) return;
    if (!drag.moved) svg.setPointerCapture(event.pointerId);
    drag.moved = true;
    svg.classList.add("dragging");
    const scale = view.width / room().width;
    view.x = drag.from.x - dx * scale;
    view.y = drag.from.y - dy * scale;
    apply();
  });
  const drop = () => {
    const moved = drag?.moved;
    svg.classList.remove("dragging");
    setTimeout(() => { drag = null; }, 0);
    return moved;
  };
  svg.addEventListener("pointerup", drop);
  svg.addEventListener("pointercancel", drop);
  svg.addEventListener("click", (event) => {
    if (drag?.moved) return;
    const element = event.target.closest(".node");
    choose(element ? +element.dataset.node : null);
  });
  svg.addEventListener("keydown", (event) => {
    const element = event.target.closest(".node");
    if (element && (event.key === "Enter" || event.key === " ")) choose(+element.dataset.node);
  });
  const middle = () => [view.x + view.width / 2, view.y + view.height / 2];
  byId("in").addEventListener("click", () => setScale(scaleNow() * 1.3, ...middle()));
  byId("out").addEventListener("click", () => setScale(scaleNow() / 1.3, ...middle()));
  byId("fit").addEventListener("click", () => fit(true));
  addEventListener("resize", () => { view.height = view.width * room().height / room().width; apply(); });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") { search.blur(); choose(null); }
    if (event.key === "/" && document.activeElement !== search) { event.preventDefault(); search.focus(); }
  });

  fit(false);
  const wanted = nodes.findIndex((node) => node.address === decodeURIComponent(location.hash.slice(1)));
  choose(wanted < 0 ? null : wanted, true);
})();

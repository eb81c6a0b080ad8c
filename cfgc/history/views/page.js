"use strict";
(() => {
  const form = document.querySelector("form.filters");
  if (!form) return;
  const fields = ["environment", "component", "kind", "search"];
  const items = [...document.querySelectorAll("[data-kind]")].map((node) => ({
    node,
    kind: node.dataset.kind,
    component: node.dataset.component,
    environments: (node.dataset.environments ?? node.dataset.environment).split("\n"),
    text: node.textContent.toLowerCase(),
  }));
  const rooms = [...document.querySelectorAll("details, section.environment, section.panel")]
    .filter((room) => room.querySelector("[data-kind]"))
    .reverse();
  const folds = [...document.querySelectorAll("details")];

  const wanted = () => Object.fromEntries(fields.map((name) => [name, form.elements[name].value]));

  const matches = (item, { environment, component, kind, search }) =>
    (!environment || item.environments.includes(environment)) &&
    (!component || item.component === component) &&
    (!kind || item.kind === kind) &&
    search.toLowerCase().split(/\s+/).every((word) => item.text.includes(word));

  const show = () => {
    const now = wanted();
    let shown = 0;
    for (const item of items) {
      item.node.hidden = !matches(item, now);
      if (!item.node.hidden) shown += 1;
    }
    for (const room of rooms) room.hidden = !room.querySelector("[data-kind]:not([hidden])");
    const all = shown === items.length;
    form.elements.shown.value = all ? `${items.length} rows` : `${shown} of ${items.length} rows`;
    document.getElementById("none").hidden = shown > 0 || items.length === 0;
  };

  const remember = () => {
    const given = Object.entries(wanted()).filter(([, value]) => value);
    const hash = new URLSearchParams(given).toString();
    history.replaceState(null, "", `#${hash}`);
  };

  const recall = () => {
    const given = new URLSearchParams(location.hash.slice(1));
    if (!fields.some((name) => given.has(name))) return;
    for (const name of fields) form.elements[name].value = given.get(name) ?? "";
    for (const name of fields.slice(0, 3)) if (form.elements[name].selectedIndex < 0) form.elements[name].selectedIndex = 0;
    show();
  };

  form.addEventListener("input", () => { show(); remember(); });
  form.addEventListener("reset", () => setTimeout(() => { show(); remember(); }));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.elements.fold.addEventListener("click", ({ target }) => {
    const open = !folds.some((each) => each.open);
    for (const each of folds) each.open = open;
    target.textContent = open ? "Fold all" : "Unfold all";
  });
  addEventListener("hashchange", recall);
  addEventListener("beforeprint", () => { for (const each of folds) each.open = true; });
  addEventListener("keydown", (event) => {
    const typing = event.target instanceof Element && event.target.closest("input, select, textarea");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    form.elements.search.focus();
  });

  form.hidden = false;
  show();
  recall();
})();

// Small helps. Every page works without this file.
(() => {
  "use strict";

  // A reader's place after a refused form is the list of errors.
  const errors = document.querySelector(".dd-errors");
  if (errors) errors.focus();

  // Menus close when one clicks elsewhere or presses Escape.
  const close = (menu) => { menu.open = false; };
  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.dd-menu[open]").forEach((menu) => { if (!menu.contains(event.target)) close(menu); });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.dd-menu[open]").forEach((menu) => { close(menu); menu.querySelector("summary").focus(); });
  });

  // A day such as 31 February or half a number would reach the server as nothing at all: said while it still stands in the field.
  const unreadable = (field) => {
    const box = field.closest(".dd-field") || field.parentElement;
    box.classList.add("dd-field--error");
    const sentence = field.type === "date" ? "没有这一天，请按年、月、日填写完整，或者清空。" : "这里填的不是数字，请改正或者清空。";
    const note = document.createElement("p");
    note.className = "dd-error";
    note.dataset.unreadable = "";
    note.setAttribute("role", "alert");
    note.textContent = sentence;
    field.before(note);
    field.setAttribute("aria-invalid", "true");
  };
  document.addEventListener("submit", (event) => {
    event.target.querySelectorAll("[data-unreadable]").forEach((note) => note.remove());
    const wrong = [...event.target.elements].filter((field) => field.validity && field.validity.badInput);
    if (!wrong.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    wrong.forEach(unreadable);
    wrong[0].focus();
  });

  // What was typed outlives an expired session or a stale form in this window: it is filled in again for the same person.
  const KEPT = "dingdian-typed";
  const read = () => { try { return JSON.parse(sessionStorage.getItem(KEPT)); } catch { return null; } };
  const write = (kept) => { try { sessionStorage.setItem(KEPT, JSON.stringify(kept)); } catch { /* full or forbidden: nothing is kept */ } };
  const who = document.body.dataset.who || "";
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || !who || form.querySelector("input[type=password]")) return;
    const secret = new Set([...form.elements].filter((field) => field.autocomplete === "off" || field.type === "file").map((field) => field.name));
    const fields = [...new FormData(form)].filter(([name]) => !secret.has(name) && !["csrfmiddlewaretoken", "version", "step"].includes(name));
    if (fields.length) write({ path: window.location.pathname, who, fields });
  });
  const fill = (fields) => {
    const given = new Map();
    fields.forEach(([name, value]) => given.set(name, [...(given.get(name) || []), value]));
    let filled = false;
    document.querySelectorAll("main form[method=post] [name]").forEach((field) => {
      if (["hidden", "password", "file", "submit", "button"].includes(field.type) || field.tagName === "BUTTON") return;
      const values = given.get(field.name);
      if (field.type === "checkbox" || field.type === "radio") field.checked = Boolean(values && values.includes(field.value));
      else if (field.multiple) [...field.options].forEach((option) => { option.selected = Boolean(values && values.includes(option.value)); });
      else if (values) field.value = values[0];
      filled = filled || Boolean(values);
    });
    return filled;
  };
  const kept = read();
  // Pages of signed-in people are stored nowhere, so that going back loads an empty form.
  const [arrival] = performance.getEntriesByType("navigation");
  const goneBack = Boolean(arrival && arrival.type === "back_forward");
  if (kept && document.querySelector("[data-interrupted]")) write({ ...kept, interrupted: true });
  else if (kept && (kept.interrupted || goneBack) && kept.path === window.location.pathname && kept.who === who) {
    sessionStorage.removeItem(KEPT);
    if (!document.querySelector(".dd-errors") && fill(kept.fields)) {
      const note = document.createElement("div");
      note.className = "dd-notice dd-notice--warning";
      note.setAttribute("role", "status");
      note.textContent = "刚才填写的内容没有办成，已经替您填回下面的表里。请核对后再提交。";
      document.querySelector("main form[method=post]").before(note);
    }
  } else if (kept && kept.path !== window.location.pathname && !(kept.interrupted && !who)) sessionStorage.removeItem(KEPT);

  // A double click sends once; the server refuses a second one anyhow.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    form.querySelectorAll("button[type=submit], button:not([type])").forEach((button) => button.setAttribute("aria-busy", "true"));
    // The answer may be a file, which leaves this page as it is.
    setTimeout(() => release(form), 8000);
  });
  const release = (form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  };
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

  document.addEventListener("click", async (event) => {
    const printing = event.target.closest("[data-print]");
    if (printing) { window.print(); return; }
    const copying = event.target.closest("[data-copy]");
    if (!copying) return;
    const field = document.getElementById(copying.dataset.copy);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      copying.textContent = copying.dataset.copied || "已复制";
    } catch { /* the text is selected: the reader can copy it by hand */ }
  });
})();

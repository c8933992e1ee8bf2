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

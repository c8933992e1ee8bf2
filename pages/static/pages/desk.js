// The desk's helps: ticking, keys, filters, rows of a form. Every page works without this file.
(() => {
  "use strict";

  // Choosing a filter applies it; searching waits for Enter.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit();
  });

  // Ticking all of a page, and how many are ticked.
  const boxes = (name) => [...document.querySelectorAll(`input[type=checkbox][name="${name}"]`)];
  const tell = (name) => {
    const ticked = boxes(name).filter((box) => box.checked).length;
    document.querySelectorAll(`[data-count="${name}"]`).forEach((place) => {
      place.textContent = ticked ? `已勾选 ${ticked} 件` : "勾选后可以批量办理";
    });
    document.querySelectorAll(`[data-all="${name}"]`).forEach((all) => {
      all.checked = ticked > 0 && ticked === boxes(name).length;
      all.indeterminate = ticked > 0 && !all.checked;
    });
  };
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.dataset.all) { boxes(box.dataset.all).forEach((each) => { each.checked = box.checked; }); tell(box.dataset.all); }
    else if (box.type === "checkbox" && box.name === "rows") tell("rows");
  });
  window.addEventListener("pageshow", () => tell("rows"));

  // Keys work only while the focus is inside the table, so that they disturb nobody's own.
  document.addEventListener("keydown", (event) => {
    const table = event.target.closest("[data-keys]");
    if (!table || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input[type=text], textarea, select")) return;
    const links = [...table.querySelectorAll("tbody th a")];
    const row = event.target.closest("tr");
    const here = links.findIndex((link) => row && row.contains(link));
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") {
      const next = links[Math.min(Math.max(here + (key === "j" ? 1 : -1), 0), links.length - 1)];
      if (next) { next.focus(); event.preventDefault(); }
    } else if (key === "x" && row) {
      const box = row.querySelector("input[type=checkbox]");
      if (box) { box.checked = !box.checked; tell(box.name); event.preventDefault(); }
    }
  });

  // A further row in a small table of inputs.
  document.querySelectorAll("table[data-rows]").forEach((table) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-secondary btn-sm";
    button.textContent = "再加一行";
    button.addEventListener("click", () => {
      const rows = table.tBodies[0].rows;
      if (rows.length >= 50) { button.disabled = true; return; }
      const copy = rows[rows.length - 1].cloneNode(true);
      copy.querySelectorAll("input, select").forEach((field) => {
        field.name = field.name.replace(/-\d+-/, `-${rows.length}-`);
        field.setAttribute("aria-label", field.getAttribute("aria-label").replace(/\d+/, rows.length + 1));
        field.value = "";
      });
      table.tBodies[0].append(copy);
      copy.querySelector("input, select").focus();
    });
    table.parentElement.after(button);
  });
})();

// Uploads with progress, and answers that save themselves. Every page works without this file.
(() => {
  "use strict";
  const HEADER = { "X-Requested-With": "portal" };

  const sentence = (request) => {
    try {
      const answer = JSON.parse(request.responseText);
      if (answer.problem) return answer.problem;
    } catch { /* not one of our answers */ }
    if (request.status === 413) return "文件太大，请压缩或拆分后再传。";
    if (request.status === 403 || request.responseURL.includes("/login/")) return "登录已过期，请重新登录后再传。";
    return request.status ? "没有传上去，请稍后再试。" : "网络中断，文件没有传上去，请再试一次。";
  };

  const upload = (form) => {
    const input = form.querySelector("input[type=file]");
    const bar = form.querySelector("progress");
    const problem = form.querySelector("[data-problem]");
    const button = form.querySelector("button");
    const file = input.files[0];
    const say = (text) => {
      problem.textContent = text;
      problem.hidden = !text;
      form.classList.toggle("dd-field--error", Boolean(text));
    };
    say("");
    if (!file) { say("请先选择文件。"); input.focus(); return; }
    if (!file.size) { say("文件是空的，请重新选择。"); return; }
    if (file.size > Number(form.dataset.limit)) { say("文件超过20兆，请压缩或拆分后再传。"); return; }

    const request = new XMLHttpRequest();
    request.open("POST", form.action || window.location.href);
    Object.entries(HEADER).forEach(([name, value]) => request.setRequestHeader(name, value));
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) bar.value = 100 * event.loaded / event.total; });
    const done = () => {
      bar.hidden = true;
      button.disabled = false;
      let answer = null;
      try { answer = JSON.parse(request.responseText); } catch { /* told below */ }
      if (request.status !== 200 || !answer || !answer.file) { say(sentence(request)); return; }
      show(form, answer.file);
      input.value = "";
      button.textContent = "换一个文件";
    };
    request.addEventListener("load", done);
    request.addEventListener("error", done);
    bar.value = 0;
    bar.hidden = false;
    button.disabled = true;
    request.send(new FormData(form));
  };

  const show = (form, file) => {
    const line = form.querySelector("[data-file]");
    line.replaceChildren();
    const icon = document.createElement("i");
    icon.className = "bi bi-paperclip";
    icon.setAttribute("aria-hidden", "true");
    const link = document.createElement("a");
    link.href = file.url;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = file.name;
    const about = document.createElement("span");
    about.className = "dd-quiet";
    about.textContent = `${file.size} · ${file.at}`;
    line.append(icon, " ", link, " ", about);
    line.hidden = false;
    const tag = document.createElement("span");
    tag.className = "dd-tag dd-tag--green";
    const tick = document.createElement("i");
    tick.className = "bi bi-check-circle-fill";
    tick.setAttribute("aria-hidden", "true");
    tag.append(tick, "已上传");
    tag.setAttribute("role", "status");
    form.querySelector("[data-state]").replaceChildren(tag);
    count(form.querySelector("[name=item]").value);
  };

  // What is still to be handed in, below the places for it.
  const count = (item) => {
    const note = document.querySelector("[data-after-upload]");
    if (!note) return;
    note.querySelectorAll("[data-left]").forEach((each) => { if (each.dataset.left === item) each.remove(); });
    const left = note.querySelector("[data-left]") !== null;
    note.querySelector("[data-some-left]").hidden = !left;
    note.querySelector("[data-none-left]").hidden = left;
  };

  document.querySelectorAll("form[data-upload]").forEach((form) => {
    form.addEventListener("submit", (event) => { event.preventDefault(); upload(form); });
    form.querySelector("input[type=file]").addEventListener("change", () => upload(form));
  });

  document.querySelectorAll("form[data-autosave]").forEach((form) => {
    const note = form.querySelector("[data-saved]");
    const waiting = new Map();
    let timer = 0;
    const save = async () => {
      const body = new FormData();
      body.set("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
      waiting.forEach((value, name) => body.set(name, value));
      waiting.clear();
      try {
        const answer = await fetch(window.location.href, { method: "POST", body, headers: HEADER });
        const told = await answer.json();
        if (!answer.ok) throw new Error(told.problem);
        form.querySelector("[name=version]").value = told.version;
        note.textContent = `已自动保存（${told.saved}）`;
      } catch (error) {
        note.textContent = `没有存上：${error.message || "网络中断"}。请按下面的按钮保存。`;
      }
    };
    form.addEventListener("change", (event) => {
      if (event.target.type !== "radio") return;
      waiting.set(event.target.name, event.target.value);
      window.clearTimeout(timer);
      timer = window.setTimeout(save, 600);
    });
  });
})();

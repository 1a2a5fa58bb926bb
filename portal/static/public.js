// What makes forms of applicants more comfortable; everything works without it too.
"use strict";

const PIECE = 256 * 1024;

// a form is sent once: a second press does nothing, and files that are on their way are waited for
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent || form.querySelector("[data-sending-now]")) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    const button = form.querySelector("button.primary");
    button.setAttribute("aria-disabled", "true");
    button.textContent = form.dataset.sending;
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// the proof of work begins when somebody begins to write
for (const form of document.querySelectorAll("form[data-puzzle]")) {
  if (window.crypto?.subtle) form.addEventListener("input", () => solve(form), { once: true });
}

async function solve(form) {
  const puzzle = await (await fetch(`${form.dataset.puzzle}?key=${form.elements.key.value}`)).json();
  const worker = new Worker(form.dataset.solver);
  worker.onmessage = (event) => {
    worker.terminate();
    if (event.data === null) return;
    const { algorithm, challenge, salt, signature } = puzzle;
    const solution = { algorithm, challenge, number: event.data, salt, signature };
    form.append(hidden("altcha", btoa(JSON.stringify(solution))));
  };
  worker.postMessage({ ...puzzle, maxnumber: puzzle.maxNumber ?? puzzle.maxnumber });
}

for (const part of document.querySelectorAll("[data-files]")) {
  const input = part.querySelector("input[type=file]");
  const drop = part.querySelector(".drop");
  part.querySelector(".drop-hint").hidden = false;
  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = "";
    for (const file of files) add(part, file);
  });
  for (const name of ["dragover", "dragenter"]) {
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  for (const name of ["dragleave", "drop"]) {
    drop.addEventListener(name, () => drop.classList.remove("over"));
  }
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    for (const file of event.dataTransfer.files) add(part, file);
  });
}

async function add(part, file) {
  const row = document.createElement("li");
  const name = document.createElement("span");
  name.className = "file-name";
  name.textContent = file.name;
  const state = document.createElement("small");
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "quiet tiny";
  remove.textContent = part.dataset.remove;
  remove.setAttribute("aria-label", `${part.dataset.remove}: ${file.name}`);
  row.append(name, bar, state, remove);
  part.querySelector(".file-list").append(row);
  const job = { stopped: false, address: "" };
  remove.addEventListener("click", () => {
    job.stopped = true;
    if (job.address) fetch(job.address, { method: "DELETE" });
    row.remove();
  });
  if (file.size > Number(part.dataset.largest)) return fail(row, bar, state, part.dataset.tooLarge);
  row.dataset.sendingNow = "yes";
  state.textContent = part.dataset.sending;
  const why = await send(part, file, job, bar, state);
  delete row.dataset.sendingNow;
  if (job.stopped) return;
  if (why) return fail(row, bar, state, why);
  bar.remove();
  state.textContent = part.dataset.whole;
  row.append(hidden("upload", job.address.split("/").pop()));
}

// pieces in order; after a break it asks where we are, and goes on from there
async function send(part, file, job, bar, state) {
  let offset = 0;
  let breaks = 0;
  while (!job.stopped) {
    try {
      if (!job.address) job.address = await announce(file);
      else if (breaks) offset = await where(job.address);
      while (offset < file.size && !job.stopped) {
        offset = await piece(job.address, file, offset);
        bar.value = offset / file.size;
        breaks = 0;
        state.textContent = part.dataset.sending;
      }
      return "";
    } catch (error) {
      if (error.status === 415) return part.dataset.wrongType;
      if (error.status && error.status < 500 && error.status !== 409) return part.dataset.failed;
      breaks += 1;
      if (breaks > 12) return part.dataset.failed;
      state.textContent = part.dataset.again;
      await online(Math.min(500 * 2 ** breaks, 15000));
    }
  }
  return "";
}

async function announce(file) {
  const name = btoa(String.fromCharCode(...new TextEncoder().encode(file.name)));
  const answer = await ask("/uploads", {
    method: "POST",
    headers: { "Tus-Resumable": "1.0.0", "Upload-Length": String(file.size), "Upload-Metadata": `filename ${name}` },
  });
  return answer.headers.get("Location");
}

async function where(address) {
  const answer = await ask(address, { method: "HEAD", headers: { "Tus-Resumable": "1.0.0" } });
  return Number(answer.headers.get("Upload-Offset"));
}

async function piece(address, file, offset) {
  const answer = await ask(address, {
    method: "PATCH",
    headers: { "Tus-Resumable": "1.0.0", "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" },
    body: file.slice(offset, offset + PIECE),
  });
  return Number(answer.headers.get("Upload-Offset"));
}

async function ask(address, options) {
  const answer = await fetch(address, options);
  if (!answer.ok) throw Object.assign(new Error("refused"), { status: answer.status });
  return answer;
}

function online(after) {
  return new Promise((resolve) => {
    const timer = window.setTimeout(resolve, after);
    window.addEventListener("online", () => { window.clearTimeout(timer); resolve(); }, { once: true });
  });
}

function fail(row, bar, state, why) {
  bar.remove();
  state.setAttribute("role", "alert");
  state.textContent = why;
  state.className = "field-error";
}

function hidden(name, value) {
  const input = document.createElement("input");
  input.type = "hidden";
  input.name = name;
  input.value = value;
  return input;
}

// The call screen without a mouse: keys, a draft that keeps itself, a call that opens the screen.
"use strict";

const form = document.querySelector("[data-desk]");
const kept = document.querySelector("#kept");
// where the conversation begins; with mistakes, what is wrong comes first
(document.querySelector("#errors") ?? form.elements[form.elements.phone.value ? "name" : "phone"]).focus();

let timer = 0;
let sent = false;

form.addEventListener("input", () => {
  window.clearTimeout(timer);
  timer = window.setTimeout(keep, 800);
});
form.addEventListener("submit", (event) => {
  if (sent) event.preventDefault();
  sent = true;
  window.clearTimeout(timer);
});
window.addEventListener("pageshow", () => { sent = false; });

async function keep() {
  const answer = await fetch("/staff/phone/draft", { method: "POST", body: new FormData(form) });
  if (answer.ok) kept.textContent = `· ${kept.dataset.word} ${new Date().toLocaleTimeString()}`;
}

// whoever calls is recognised as soon as the number is there
form.elements.phone.addEventListener("change", recognise);

async function recognise() {
  const answer = await fetch("/staff/phone/caller", { method: "POST", body: new FormData(form) });
  if (answer.ok) document.querySelector("#caller").innerHTML = await answer.text();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("button.primary"));
  } else if (event.key === "F2") {
    const call = document.querySelector("[data-call]");
    if (call) { event.preventDefault(); call.click(); }
  } else if (event.altKey && /^[0-9]$/.test(event.key)) {
    const choice = document.querySelector(`[data-join="${event.key}"]`);
    if (choice) { event.preventDefault(); choice.checked = true; keep(); }
  }
});

// a call for this colleague, or for nobody in particular, opens an idle screen by itself
document.body.addEventListener("htmx:sseMessage", () => {
  const call = document.querySelector("#line [data-call]");
  if (!call || form.elements.call.value || !isIdle()) return;
  window.location.assign(call.href);
});

function isIdle() {
  return ["phone", "name", "text", "subject"].every((name) => !form.elements[name].value);
}

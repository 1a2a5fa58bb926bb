// What pages need beyond htmx: questions before what cannot be undone, errors in words, keys.
"use strict";

// <form data-ask="Really?"> asks first
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.ask || event.submitter?.dataset.ask;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);

// <select data-go> sends its form when it changes
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-go]")) event.target.form.requestSubmit();
});

// one key for a button or link that says data-key="r"; never while somebody writes
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const key = CSS.escape(event.key);
  const target = document.querySelector(`[data-key="${key}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("input, textarea, select")) target.focus();
  else target.click();
});

// what htmx could not do is said, and goes away by itself
document.addEventListener("htmx:responseError", () => say(document.body.dataset.failed));
document.addEventListener("htmx:sendError", () => say(document.body.dataset.offline));

function say(text) {
  const toast = document.createElement("div");
  toast.className = "notice bad toast";
  toast.setAttribute("role", "alert");
  toast.textContent = text;
  document.body.append(toast);
  window.setTimeout(() => toast.remove(), 8000);
}

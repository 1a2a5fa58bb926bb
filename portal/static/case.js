// An act that opens takes the cursor to its first field, so that a key is enough to begin.
"use strict";

document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.("details.act") || !event.target.open || !event.target.dataset.used) return;
  event.target.querySelector("select, textarea, input:not([type=hidden]), button")?.focus();
}, true);
document.addEventListener("click", (event) => {
  const act = event.target.closest("details.act > summary")?.parentElement;
  if (act) act.dataset.used = "yes";
});

// An act that is opened takes the cursor to its first field at once: what is typed next is not lost.
"use strict";

document.addEventListener("click", (event) => {
  const act = event.target.closest("details.act > summary")?.parentElement;
  if (!act) return;
  event.preventDefault();
  act.open = !act.open;
  if (act.open) act.querySelector("form :is(select, textarea, input:not([type=hidden]), button)")?.focus();
});

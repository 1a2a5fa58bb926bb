// An act that is opened takes the cursor to its first field at once: what is typed next is not lost.
// Its key brings there also when it is open already.
"use strict";

document.addEventListener("click", (event) => {
  const act = event.target.closest("details.act > summary")?.parentElement;
  if (!act) return;
  event.preventDefault();
  const by_key = !event.detail && document.activeElement !== event.target.closest("summary");
  act.open = by_key || !act.open;
  if (act.open) act.querySelector("form :is(select, textarea, input:not([type=hidden]), button)")?.focus();
});

// A link that leads to an act (the bar on a phone) opens it, and gives it the cursor as its key does.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#act-']");
  const act = link && document.querySelector(link.hash);
  if (!act) return;
  act.open = true;
  act.querySelector("form :is(select, textarea, input:not([type=hidden]), button)")?.focus({ preventScroll: true });
});

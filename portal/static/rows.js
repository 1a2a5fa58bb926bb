// Lists by keyboard: j and k go down and up, Enter opens (it is a link), x chooses.
"use strict";

const links = () => [...document.querySelectorAll("[data-row]")];
const rowOf = (link) => link.closest("tr, li");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const writes = "input:not([type=checkbox]), textarea, select, [contenteditable]";
  if (event.target.closest(writes)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const all = links();
  const at = all.findIndex((link) => rowOf(link).contains(document.activeElement));
  if (event.key === "j" || event.key === "k") {
    const next = at < 0 ? 0 : Math.min(Math.max(at + (event.key === "j" ? 1 : -1), 0), all.length - 1);
    all[next]?.focus();
    all[next]?.scrollIntoView({ block: "nearest" });
    event.preventDefault();
  } else if (event.key === "x" && at >= 0) {
    rowOf(all[at]).querySelector("input[type=checkbox]")?.click();
    event.preventDefault();
  }
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-all]")) return;
  const boxes = event.target.closest("table").querySelectorAll("tbody input[type=checkbox]");
  for (const box of boxes) box.checked = event.target.checked;
});

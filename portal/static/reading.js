// The reading desk: words in doubt one by one, in the text and on the picture; Ctrl+Enter saves.
"use strict";

const text = document.getElementById("text");
const boxes = [...document.querySelectorAll("rect[data-start]")];
let at = -1;
let before = text?.value ?? "";

// what was typed since moves the words behind it
function moved(start) {
  const now = text.value;
  let same = 0;
  while (same < now.length && same < before.length && now[same] === before[same]) same += 1;
  return start <= same ? start : start + now.length - before.length;
}

function show(number) {
  if (!boxes.length) return;
  at = (number + boxes.length) % boxes.length;
  const box = boxes[at];
  boxes.forEach((one) => one.classList.toggle("at", one === box));
  box.scrollIntoView({ block: "center", inline: "nearest" });
  text.focus();
  text.setSelectionRange(moved(+box.dataset.start), moved(+box.dataset.end));
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    text?.form.requestSubmit();
  } else if (event.altKey && event.key === "ArrowDown") {
    show(at + 1);
  } else if (event.altKey && event.key === "ArrowUp") {
    show(at - 1);
  } else {
    return;
  }
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const word = event.target.closest("[data-start]");
  if (word) show(boxes.findIndex((box) => box.dataset.start === word.dataset.start));
});

// Solves ALTCHA's puzzle: which number, hashed after the salt, gives the challenge? In a worker.
"use strict";

self.onmessage = async (event) => {
  const { challenge, salt, maxnumber } = event.data;
  const encoder = new TextEncoder();
  for (let number = 0; number <= maxnumber; number += 1) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(salt + number)));
    if (hex(digest) === challenge) {
      self.postMessage(number);
      return;
    }
  }
  self.postMessage(null);
};

function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

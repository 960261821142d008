// Counts down to moments by the server's clock: the page says what the server's clock said when it was made.
const opened = performance.now();

function shown(left) {
  const pad = (number) => String(number).padStart(2, "0");
  return `${pad(Math.floor(left / 3600))}:${pad(Math.floor((left % 3600) / 60))}:${pad(left % 60)}`;
}

function tick(piece) {
  const passed = performance.now() - opened;
  const left = Math.ceil((Date.parse(piece.dataset.until) - Date.parse(piece.dataset.now) - passed) / 1000);
  const figure = piece.querySelector("[data-left]");
  // Whole days need no ticking; what is over is said by the server.
  if (!figure || left >= 172800) return;
  if (left > 0) {
    figure.textContent = shown(left);
  } else if (!piece.classList.contains("is-over")) {
    piece.classList.add("is-over");
    figure.textContent = shown(0);
  }
}

const pieces = [...document.querySelectorAll("[data-until]")];
if (pieces.length) setInterval(() => pieces.forEach(tick), 1000);

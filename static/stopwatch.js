/* The stopwatch: this device's steady clock measures; the server's clock is asked at start and stop and compared.
   A start is kept for this tab, so that a page loaded again goes on counting. */
(function () {
  "use strict";
  var KEY = "stopwatch:" + location.pathname + location.search;
  var TOLERANCE = 300;
  var started = null, atServer = null, frame = 0;

  function now() { return performance.timeOrigin + performance.now(); }
  function watch() { return document.getElementById("stopwatch"); }
  function part(name) { return watch().querySelector(name); }
  function field(name) { return document.getElementById("quiz-time").elements[name]; }
  function pad(number, size) { return String(number).padStart(size, "0"); }

  function text(ms) {
    var hundredths = Math.round(ms / 10), seconds = Math.floor(hundredths / 100);
    return Math.floor(seconds / 60) + ":" + pad(seconds % 60, 2) + "." + pad(hundredths % 100, 2);
  }

  function askServer() {
    var sent = performance.now();
    return fetch(watch().dataset.clock, { credentials: "same-origin", cache: "no-store" })
      .then(function (answer) { if (!answer.ok) throw new Error(String(answer.status)); return answer.json(); })
      // What the server's clock said when it was asked: half the way there and back is taken off.
      .then(function (body) { return body.now_ms - (performance.now() - sent) / 2; });
  }

  function draw() {
    if (started === null || !watch()) return;
    part("[data-shown]").textContent = text(now() - started);
    frame = requestAnimationFrame(draw);
  }

  function show() {
    part('[data-watch="start"]').disabled = started !== null;
    part('[data-watch="stop"]').disabled = started === null;
    cancelAnimationFrame(frame);
    draw();
  }

  function keep() {
    if (started === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify([started, atServer]));
  }

  function start() {
    started = now();
    atServer = null;
    part("[data-said]").textContent = "";
    keep();
    show();
    askServer().then(function (said) { atServer = said; keep(); }, function () { atServer = null; });
    part('[data-watch="stop"]').focus();
  }

  function stop() {
    var ms = Math.round(now() - started), from = atServer;
    started = null;
    keep();
    show();
    part("[data-shown]").textContent = text(ms);
    field("time").value = text(ms);
    field("device_ms").value = ms;
    field("server_ms").value = "";
    field("time").focus();
    if (from === null) { part("[data-said]").textContent = watch().dataset.unheard; return; }
    askServer().then(function (said) {
      var server = Math.max(0, Math.round(said - from)), apart = Math.abs(server - ms);
      field("server_ms").value = server;
      part("[data-said]").textContent = watch().dataset[apart > TOLERANCE ? "differ" : "agree"].replace("{ms}", apart);
    }, function () { part("[data-said]").textContent = watch().dataset.unheard; });
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-watch]");
    if (!button || button.disabled) return;
    if (button.dataset.watch === "start") start(); else if (started !== null) stop();
  });

  document.addEventListener("quiz:entered", function () {
    if (started !== null) return;
    part("[data-shown]").textContent = text(0);
    part("[data-said]").textContent = "";
  });

  var kept = sessionStorage.getItem(KEY);
  if (kept && watch()) {
    started = JSON.parse(kept)[0];
    atServer = JSON.parse(kept)[1];
    show();
  }
})();

/* The screen of a side venue: one module of the address; a mark that has just come in is pointed out, and told to those
   who listen to the page: politely, and not more often than every ten seconds. */
(function () {
  "use strict";
  var board = document.getElementById("board");
  if (!board) return;
  var wanted = new URLSearchParams(window.location.search).get("module");
  var known = null;
  var said = document.getElementById("board-said");
  var PAUSE_SECONDS = 10;
  var waiting = [];
  var timer = null;
  var last = 0;

  function words(line) { return line.querySelector("span b").textContent.trim() + " " + line.dataset.mark; }

  function tell() {
    timer = null;
    last = Date.now();
    said.textContent = waiting.length === 1 ? said.dataset.one + " " + waiting[0] : said.dataset.many.replace("{n}", waiting.length);
    waiting = [];
  }

  function marks() {
    return Array.from(board.querySelectorAll(".side-news [data-key]"), function (line) {
      return line.closest("[data-side-module]").dataset.sideModule + " " + line.dataset.key + " " + line.dataset.mark;
    });
  }

  function show() {
    var sections = Array.from(board.querySelectorAll("[data-side-module]"));
    var there = sections.some(function (section) { return section.dataset.sideModule === wanted; });
    board.classList.toggle("is-one", there);
    sections.forEach(function (section) { section.hidden = there && section.dataset.sideModule !== wanted; });
    var now = marks();
    if (known) board.querySelectorAll(".side-news [data-key]").forEach(function (line, at) {
      if (known.indexOf(now[at]) >= 0) return;
      line.classList.add("is-new");
      if (!line.closest("[data-side-module]").hidden) waiting.push(words(line));
    });
    known = now;
    if (waiting.length && !timer) timer = window.setTimeout(tell, Math.max(0, last + PAUSE_SECONDS * 1000 - Date.now()));
  }

  document.addEventListener("board:changed", show);
  show();
})();

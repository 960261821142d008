/* The screen of a side venue: one module of the address; a mark that has just come in is pointed out. */
(function () {
  "use strict";
  var board = document.getElementById("board");
  if (!board) return;
  var wanted = new URLSearchParams(window.location.search).get("module");
  var known = null;

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
      if (known.indexOf(now[at]) < 0) line.classList.add("is-new");
    });
    known = now;
  }

  document.addEventListener("board:changed", show);
  show();
})();

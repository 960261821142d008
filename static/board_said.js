/* Tells people who listen to the page what has changed: politely, in one sentence, and not more often than every ten
   seconds, however many marks come in. */
(function () {
  "use strict";
  var board = document.getElementById("board");
  var said = document.getElementById("board-said");
  var live = window.liveBoard;
  if (!board || !said || !live) return;
  var PAUSE_SECONDS = 10;
  var waiting = 0;
  var timer = null;
  var last = 0;
  var first = leaders();
  var mine = places();

  function name(row) { return row.querySelector(".board-name").textContent.trim(); }

  function leaders() {
    return live.rows("entrants").filter(function (row) { return row.dataset.place === "1"; }).map(name).join(window.listMark);
  }

  function places() {
    var numbers = new URLSearchParams(window.location.search).getAll("mine");
    var found = {};
    live.rows("entrants").forEach(function (row) {
      if (numbers.indexOf(row.dataset.number) >= 0) found[row.dataset.number] = { name: name(row), place: row.dataset.place };
    });
    return found;
  }

  function tell() {
    timer = null;
    last = Date.now();
    var words = [waiting === 1 ? said.dataset.one : said.dataset.many.replace("{n}", waiting)];
    var now = leaders();
    if (now && now !== first) words.push(said.dataset.first.replace("{name}", now));
    var own = places();
    Object.keys(own).forEach(function (number) {
      var before = mine[number];
      if (before && before.place !== own[number].place && own[number].place) words.push(said.dataset.mine.replace("{name}", own[number].name).replace("{place}", own[number].place));
    });
    first = now;
    mine = own;
    waiting = 0;
    said.textContent = words.join(" ");
  }

  document.addEventListener("board:changed", function (event) {
    if (!event.detail.changed) return;
    waiting += event.detail.changed;
    if (!timer) timer = window.setTimeout(tell, Math.max(0, last + PAUSE_SECONDS * 1000 - Date.now()));
  });
})();

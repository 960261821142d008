/* The overlay of a live stream: shows one of its parts, and lets the latest mark come and go. */
(function () {
  "use strict";
  var board = document.getElementById("board");
  var live = window.liveBoard;
  if (!board || !live) return;
  var asked = new URLSearchParams(window.location.search);
  var parts = Array.from(board.querySelectorAll("[data-overlay]"));
  var wanted = parts.some(function (part) { return part.dataset.overlay === asked.get("show"); }) ? asked.get("show") : "lower";
  // Seconds until the latest mark goes again; 0: it stays.
  var hold = asked.has("hold") ? Math.min(Math.max(Number(asked.get("hold")) || 0, 0), 3600) : 12;
  var lower = board.querySelector("[data-overlay='lower']");
  var timer = null;
  var last = null;

  parts.forEach(function (part) { part.hidden = part.dataset.overlay !== wanted; });

  function mark() {
    var news = board.querySelector("[data-mark]");
    return news ? news.dataset.key + " " + news.dataset.mark : "";
  }

  function copyState() {
    var head = board.querySelector("[data-part='head']");
    board.querySelectorAll("[data-state-copy]").forEach(function (place) {
      place.replaceChildren.apply(place, Array.from(head.cloneNode(true).children, function (each) {
        each.removeAttribute("id");
        return each;
      }));
    });
  }

  function show() {
    if (wanted !== "lower") return;
    var now = mark();
    if (now && now !== last) {
      lower.classList.add("is-on");
      window.clearTimeout(timer);
      if (hold) timer = window.setTimeout(function () { lower.classList.remove("is-on"); }, hold * 1000);
    }
    if (!now) lower.classList.remove("is-on");
    last = now;
  }

  /* Each group has places of its own: `?group=` says whose first five are shown, else the first group's. */
  function chooseGroup() {
    if (!("byGroup" in board.dataset)) return;
    var rows = live.rows("entrants");
    var groups = rows.map(function (row) { return row.dataset.group || ""; });
    var group = groups.indexOf(asked.get("group")) >= 0 ? asked.get("group") : groups[0];
    rows.forEach(function (row, at) { row.hidden = groups[at] !== group; });
    var name = board.querySelector("[data-group-name]");
    if (name) name.textContent = group || "";
  }

  document.addEventListener("board:changed", function () {
    copyState();
    chooseGroup();
    show();
  });
  copyState();
  chooseGroup();
  show();
})();

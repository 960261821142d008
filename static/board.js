/* The public board, phone and wall: listens to the stream, puts changed lines in place, searches, follows one contestant.
   An event carries only what changed, already rendered by the server; nothing is reckoned here. */
(function () {
  "use strict";
  var board = document.getElementById("board");
  if (!board) return;
  var still = window.matchMedia("(prefers-reduced-motion: reduce)");
  var line = document.getElementById("board-line");
  var source = null;

  function part(name) { return document.querySelector("[data-part='" + name + "']"); }
  function list(name) { return board.querySelector("[data-list='" + name + "']"); }

  function parsed(html) {
    var holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content.firstElementChild;
  }

  /* A line lights up when its marks are others, not when others' marks have pushed it along. */
  function marks(row) {
    return Array.from(row.querySelectorAll(".board-cell, .board-total, .board-members, .wall-mark, .wall-total, .wall-members"), function (cell) { return cell.textContent; }).join("|");
  }

  /* Puts new lines in and all lines in order; those on the screen glide to their new place. */
  function patch(name, told) {
    var body = list(name);
    if (!body || !told) return;
    var before = {};
    var glide = !still.matches && board.dataset.view === "page" && document.visibilityState === "visible";
    if (glide && told.order) {
      Array.from(body.children).forEach(function (row) {
        var top = row.getBoundingClientRect().top;
        if (top > -200 && top < window.innerHeight + 200) before[row.dataset.key] = top;
      });
    }
    var rows = {};
    Array.from(body.children).forEach(function (row) { rows[row.dataset.key] = row; });
    Object.keys(told.rows || {}).forEach(function (key) {
      var fresh = parsed(told.rows[key]);
      if (!rows[key] || marks(rows[key]) !== marks(fresh)) fresh.classList.add("changed");
      if (rows[key]) rows[key].replaceWith(fresh);
      rows[key] = fresh;
    });
    Object.keys(told.places || {}).forEach(function (key) {
      var cell = rows[key] && rows[key].querySelector(".board-place, .wall-place");
      if (!cell) return;
      var fresh = parsed(told.places[key]);
      cell.replaceWith(fresh);
      var place = fresh.querySelector(".place, .medal b");
      rows[key].dataset.place = place && /^[0-9]+$/.test(place.textContent) ? place.textContent : "";
    });
    if (told.order) {
      var at = body.firstElementChild;
      told.order.forEach(function (key) {
        var row = rows[key];
        if (!row) return;
        if (row === at) at = at.nextElementSibling;
        else body.insertBefore(row, at);
        delete rows[key];
      });
      Object.keys(rows).forEach(function (key) { rows[key].remove(); });
      Object.keys(before).forEach(function (key) {
        var row = body.querySelector("[data-key='" + key + "']");
        var moved = row ? before[key] - row.getBoundingClientRect().top : 0;
        if (moved) row.animate([{ transform: "translateY(" + moved + "px)" }, { transform: "none" }], { duration: 600, easing: "ease-in-out" });
      });
    }
  }

  function take(told) {
    ["head", "news"].forEach(function (name) {
      if (told[name] && part(name)) part(name).replaceChildren(parsed(told[name]));
    });
    patch("entrants", told.entrants);
    patch("teams", told.teams);
    changed(told);
  }

  function changed(told) {
    search();
    showMine();
    document.dispatchEvent(new CustomEvent("board:changed", { detail: told || {} }));
  }

  /* After a gap the page is fetched as anybody would; a little later for each, so that not all ask at once. */
  function reload() {
    close();
    window.setTimeout(function () {
      fetch(window.location.href, { cache: "no-cache" }).then(function (answer) {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.text();
      }).then(function (text) {
        var page = new DOMParser().parseFromString(text, "text/html");
        var fresh = page.getElementById("board");
        var shape = board.querySelector("table") ? board.querySelector("table").dataset.columns : "";
        var table = fresh.querySelector("table");
        // Other columns, or a board that has only now begun: then the whole page is another one.
        if (!table !== !board.querySelector("table") || (table && table.dataset.columns !== shape)) {
          window.location.reload();
          return;
        }
        ["head", "news"].forEach(function (name) {
          var from = page.querySelector("[data-part='" + name + "']");
          if (from && part(name)) part(name).replaceChildren.apply(part(name), Array.from(from.childNodes));
        });
        ["entrants", "teams"].forEach(function (name) {
          var from = fresh.querySelector("[data-list='" + name + "']");
          if (from && list(name)) list(name).replaceChildren.apply(list(name), Array.from(from.children));
        });
        board.dataset.event = fresh.dataset.event;
        changed({ reload: true });
        open();
      }).catch(function () {
        say("lost");
        window.setTimeout(open, 5000);
      });
    }, Math.random() * 1500);
  }

  function say(word) {
    board.dataset.connection = word;
    if (line) line.textContent = line.dataset[word] || "";
  }

  function close() {
    if (source) source.close();
    source = null;
  }

  function open() {
    close();
    var query = "?lang=" + board.dataset.language + "&view=" + board.dataset.view + "&after=" + encodeURIComponent(board.dataset.event);
    source = new EventSource(board.dataset.stream + query);
    source.onopen = function () { say("live"); };
    source.onerror = function () {
      if (!source || source.readyState !== EventSource.CLOSED) {
        // A stream that ends between two polls is not a loss; a longer silence is.
        window.setTimeout(function () { if (source && source.readyState !== EventSource.OPEN) say("lost"); }, 9000);
        return;
      }
      say("lost");
      window.setTimeout(open, 5000 + Math.random() * 5000);
    };
    source.addEventListener("board", function (event) {
      board.dataset.event = event.lastEventId;
      take(JSON.parse(event.data));
    });
    source.addEventListener("reload", reload);
  }

  /* Search */
  var field = document.getElementById("board-search");
  var found = document.getElementById("board-found");

  function words(row) {
    var who = row.querySelector(".board-who");
    var members = row.querySelector(".board-members");
    return ((who ? who.textContent : "") + " " + (members ? members.textContent : "")).toLowerCase();
  }

  function search() {
    if (!field) return;
    var asked = field.value.trim().toLowerCase();
    var shown = 0;
    board.querySelectorAll("[data-list] > tr").forEach(function (row) {
      var fits = !asked || words(row).indexOf(asked) >= 0;
      row.hidden = !fits;
      if (fits && row.offsetParent) shown += 1;
    });
    if (!asked) found.textContent = "";
    else found.textContent = shown ? found.dataset.some.replace("{n}", shown) : found.dataset.none;
  }

  /* Following one contestant: the number stands in the address, so that it can be kept and passed on. */
  var mine = document.getElementById("board-mine");

  function followed() { return new URLSearchParams(window.location.search).get("mine"); }

  function showMine() {
    if (!mine) return;
    var number = followed();
    board.querySelectorAll(".board-row.is-mine").forEach(function (row) { row.classList.remove("is-mine"); });
    mine.hidden = !number;
    mine.replaceChildren();
    if (!number) return;
    var row = Array.from(board.querySelectorAll("[data-list='entrants'] > tr")).find(function (each) { return each.dataset.number === number; });
    if (!row) {
      mine.textContent = mine.dataset.missing.replace("{n}", number);
      return;
    }
    row.classList.add("is-mine");
    var table = document.createElement("table");
    table.className = "board-table";
    table.setAttribute("role", "table");
    var body = document.createElement("tbody");
    body.setAttribute("role", "rowgroup");
    var copy = row.cloneNode(true);
    copy.removeAttribute("id");
    copy.hidden = false;
    copy.classList.remove("changed");
    body.append(copy);
    table.append(body);
    mine.append(table);
  }

  function showTab(name) {
    var tabs = board.querySelectorAll("[data-tab]");
    if (!tabs.length) return;
    tabs.forEach(function (tab) {
      if (tab.dataset.tab === name) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
    });
    board.querySelectorAll("[data-tab-panel]").forEach(function (panel) { panel.hidden = panel.dataset.tabPanel !== name; });
    search();
  }

  board.addEventListener("click", function (event) {
    var tab = event.target.closest("[data-tab]");
    var follow = event.target.closest("[data-follow]");
    if (tab) {
      event.preventDefault();
      showTab(tab.dataset.tab);
      window.history.replaceState(null, "", window.location.pathname + window.location.search + "#" + tab.dataset.tab);
    } else if (follow) {
      event.preventDefault();
      var address = new URL(window.location.href);
      if (followed() === follow.dataset.follow) address.searchParams.delete("mine");
      else address.searchParams.set("mine", follow.dataset.follow);
      address.hash = "";
      window.history.replaceState(null, "", address);
      showMine();
      if (followed()) mine.scrollIntoView({ block: "center", behavior: still.matches ? "auto" : "smooth" });
    }
  });

  if (field) field.addEventListener("input", search);
  if (board.dataset.view === "page") showTab(window.location.hash === "#teams" ? "teams" : "individuals");
  search();
  showMine();
  if (board.dataset.view !== "page" || document.querySelector("[data-list]") || part("head")) open();
})();

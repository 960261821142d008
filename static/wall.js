/* The wall: turns its pages by itself, one list after the other, and puts a new mark in the spotlight.
   `?show=` names the lists in their order: entrants, teams, organisations, modules (each module by its own ranking), race
   (the teams as bars). `?group=`, `?organisation=`, `?team=`, `?module=` choose lines; `?rows=`, `?seconds=` the pace. */
(function () {
  "use strict";
  var board = document.getElementById("board");
  var live = window.liveBoard;
  var sections = Array.from(document.querySelectorAll("[data-wall-list]"));
  if (!board || !live || !sections.length) return;
  var still = live.still;
  var asked = new URLSearchParams(window.location.search);
  var seconds = Math.min(Math.max(Number(asked.get("seconds")) || 9, 3), 120);
  var upright = window.matchMedia("(max-aspect-ratio: 1/1)");
  var pages = document.getElementById("wall-pages");
  var spotlight = document.getElementById("wall-spotlight");
  var widths = {};
  var slides = [];
  var at = { slide: 0, first: 0, shown: 0 };
  var timer = null;

  board.classList.add("is-paged");

  /* A screen that was turned upright has room for twice as many lines. */
  function rowsPerPage() { return Math.min(Math.max(Number(asked.get("rows")) || (upright.matches ? 16 : 8), 3), 20); }

  function section(name) { return sections.find(function (each) { return each.dataset.wallList === name; }); }
  function heads() { return Array.from(section("entrants").querySelectorAll("thead [data-module]")); }

  /* The slides in turn; a board that ranks by group has one for each group. */
  function plan() {
    var names = (asked.get("show") || "entrants,teams,organisations").split(",");
    if (asked.get("module")) names = ["modules"];
    var found = [];
    names.forEach(function (name) {
      if (name === "modules") {
        heads().forEach(function (head) {
          if (!asked.get("module") || asked.get("module") === head.dataset.module) found = found.concat(byGroup({ list: "entrants", module: head.dataset.module }));
        });
      } else if (name === "race") {
        if (section("teams")) found.push({ list: "teams", race: true });
      } else if (section(name)) found = found.concat(name === "entrants" ? byGroup({ list: name }) : [{ list: name }]);
    });
    return found.length ? found : byGroup({ list: sections[0].dataset.wallList });
  }

  function byGroup(slide) {
    if (!("byGroup" in board.dataset) || asked.get("group")) return [slide];
    var groups = [];
    live.rows("entrants").forEach(function (row) { if (groups.indexOf(row.dataset.group || "") < 0) groups.push(row.dataset.group || ""); });
    if (!groups.length) return [slide];  // Nobody has come yet: the slide waits for them.
    return groups.map(function (group) { return { list: slide.list, module: slide.module, group: group }; });
  }

  function fits(row, slide) {
    var group = slide.group === undefined ? asked.get("group") : slide.group;
    if (group && slide.list === "entrants" && (row.dataset.group || "") !== group) return false;
    if (asked.get("organisation") && row.dataset.organisation !== asked.get("organisation")) return false;
    var team = slide.list === "teams" ? row.dataset.name : row.dataset.team;
    return !asked.get("team") || slide.list === "organisations" || team === asked.get("team");
  }

  function placeOf(row, slide) {
    var own = slide.module ? row.querySelector(".wall-module-place") : null;
    return slide.module ? (own ? own.dataset.place : "") : row.dataset.place;
  }

  /* Who has no place yet is not paged through, except when nobody has one. */
  function lines(slide) {
    var all = live.rows(slide.list).filter(function (row) { return fits(row, slide); });
    var some = all.filter(function (row) { return placeOf(row, slide); });
    return some.length ? some : all;
  }

  live.sort = function (name, rows) {
    var slide = slides[at.slide];
    if (name !== "entrants" || !slide || !slide.module) return rows;
    return live.ranked(rows, slide.module).map(function (one) { return one.row; });
  };

  /* Item by item: only the one module's marks, large, in that module's order. */
  function dressModule(slide) {
    var table = section("entrants").querySelector("table");
    var index = slide.module ? heads().findIndex(function (head) { return head.dataset.module === slide.module; }) : -1;
    table.classList.toggle("is-module", index >= 0);
    heads().forEach(function (head, number) { head.hidden = index >= 0 && number !== index; });
    table.querySelectorAll(".wall-module-place").forEach(function (each) { each.remove(); });
    live.ranked(live.rows("entrants"), slide.module || "").forEach(function (one) {
      one.row.querySelectorAll(".wall-mark").forEach(function (cell, number) { cell.hidden = index >= 0 && number !== index; });
      if (index < 0) return;
      var place = document.createElement("span");
      place.className = "wall-module-place";
      place.dataset.place = one.place || "";
      place.textContent = one.place || "–";
      one.row.querySelector(".wall-place").append(place);
    });
  }

  /* The race: a bar for each team beside its points, as long as they are against the best. */
  function dressRace(slide) {
    var teams = section("teams");
    if (!teams) return;
    teams.querySelector("table").classList.toggle("is-race", Boolean(slide.race));
    teams.querySelectorAll(".wall-race").forEach(function (cell) { cell.hidden = !slide.race; });
    teams.querySelectorAll(".wall-members, .wall-members-head").forEach(function (cell) { cell.hidden = Boolean(slide.race); });
    if (!slide.race) return;
    var bars = Array.from(teams.querySelectorAll("[data-length]"));
    var lengths = bars.map(function (bar) { return Number(bar.dataset.length) || 0; });
    var most = Math.max.apply(null, [0].concat(lengths));
    // Where less is better the best has the longest bar too.
    var isLess = "less" in document.getElementById("board").dataset;
    var least = Math.min.apply(null, lengths.filter(function (length) { return length > 0; }));
    bars.forEach(function (bar, n) {
      var key = bar.closest("tr").dataset.key;
      var share = isLess ? least / lengths[n] : lengths[n] / most;
      var width = lengths[n] > 0 ? 100 * share : 0;
      bar.style.width = (widths[key] || 0) + "%";
      bar.getBoundingClientRect();  // So that the bar grows from where it was.
      bar.style.width = width + "%";
      widths[key] = width;
    });
  }

  function showRows(slide, all, first, count) {
    live.rows(slide.list).forEach(function (row) {
      var place = all.indexOf(row);
      row.hidden = place < first || place >= first + count;
    });
  }

  function dress(slide) {
    sections.forEach(function (each) { each.hidden = each !== section(slide.list); });
    live.arrange("entrants");
    dressModule(slide);
    dressRace(slide);
    var name = section(slide.list).querySelector(".wall-list-name");
    name.dataset.own = name.dataset.own || name.textContent;
    var group = slide.group || asked.get("group");
    name.textContent = name.dataset.own + (group && slide.list === "entrants" ? " · " + group : "");
  }

  /* Whoever does not fit stands on the next page: no row is cut by the foot, however long a name is. */
  function show() {
    var slide = slides[at.slide];
    dress(slide);
    var all = lines(slide);
    if (at.first >= all.length) at.first = 0;
    var count = rowsPerPage();
    board.style.setProperty("--wall-lines", count);
    var list = section(slide.list);
    showRows(slide, all, at.first, count);
    while (count > 1 && list.offsetHeight > list.parentElement.clientHeight) {
      count -= 1;
      showRows(slide, all, at.first, count);
    }
    at.shown = count;
    var page = all.slice(at.first, at.first + count);
    if (!pages) return;
    var from = page.length ? placeOf(page[0], slide) : "";
    var to = page.length ? placeOf(page[page.length - 1], slide) : "";
    pages.textContent = from ? pages.dataset.words.replace("{a}", from).replace("{b}", to || from) : "";
  }

  function turn(enter) {
    show();
    var slide = slides[at.slide];
    if (!still.matches && enter) {
      live.rows(slide.list).filter(function (row) { return !row.hidden; }).forEach(function (row, number) {
        row.animate([{ opacity: 0, transform: "translateY(1.2em)" }, { opacity: 1, transform: "none" }], { duration: 420, delay: number * 45, fill: "backwards", easing: "ease-out" });
      });
    }
    window.clearTimeout(timer);
    // The first page of a list is what people wait for: it stays twice as long.
    timer = window.setTimeout(next, seconds * 1000 * (at.first === 0 ? 2 : 1));
  }

  function next() {
    at.first += at.shown;
    if (at.first >= lines(slides[at.slide]).length) {
      slides = plan();
      at = { slide: (at.slide + 1) % slides.length, first: 0, shown: 0 };
    }
    turn(true);
  }

  var lastMark = "";
  var dimming = null;

  function newest() { return document.querySelector("#wall-news li[data-key]"); }
  function markOf(news) { return news ? news.dataset.key + " " + news.dataset.mark : ""; }

  function shine() {
    var news = newest();
    if (!news || markOf(news) === lastMark) return;
    lastMark = markOf(news);
    spotlight.replaceChildren.apply(spotlight, Array.from(news.cloneNode(true).childNodes));
    spotlight.classList.toggle("is-long", news.querySelector(".wall-news-who b").textContent.length > 6);
    spotlight.hidden = false;
    if (!still.matches) spotlight.animate([{ opacity: 0, transform: "translateY(3em)" }, { opacity: 1, transform: "none" }], { duration: 500, easing: "cubic-bezier(.2,.9,.3,1)" });
    window.clearTimeout(dimming);
    dimming = window.setTimeout(function () { spotlight.hidden = true; }, 6000);
  }

  document.addEventListener("board:changed", function (event) {
    show();
    if (!event.detail.reload) shine();
    else lastMark = markOf(newest());
  });

  window.addEventListener("resize", show);
  if (document.fonts) document.fonts.ready.then(show);

  slides = plan();
  lastMark = markOf(newest());
  turn(false);
})();

/* Search, filters, one module's ranking and followed contestants. All of it stands in the address, so that it can be
   kept and passed on, and is done here: the page is the same for everybody. */
(function () {
  "use strict";
  var board = document.getElementById("board");
  var live = window.liveBoard;
  if (!board || !live) return;
  var field = document.getElementById("board-search");
  var found = document.getElementById("board-found");
  var mine = document.getElementById("board-mine");
  var groups = document.getElementById("board-groups");
  var count = document.getElementById("board-filter-count");
  var chips = document.getElementById("board-chips");
  var cross = document.querySelector("#board-clear .icon");
  var selects = Array.from(board.querySelectorAll("select[data-filter]"));
  var FILTERS = ["group", "organisation", "team", "module", "q"];

  function asked() { return new URLSearchParams(window.location.search); }
  function value(name) { return asked().get(name) || ""; }

  function keep(change) {
    var address = new URL(window.location.href);
    change(address.searchParams);
    window.history.replaceState(null, "", address);
  }

  function set(name, to) {
    keep(function (words) {
      if (to) words.set(name, to);
      else words.delete(name);
    });
  }

  /* What a person reads on the line, without the marks. */
  function words(row) {
    return Array.from(row.querySelectorAll(".board-who, .board-members"), function (each) { return each.textContent; }).join(" ").toLowerCase();
  }

  /* Groups, units and teams as the lines name them; a value that an address brought along stays choosable. */
  function names(attribute) {
    var known = {};
    live.rows("entrants").forEach(function (row) {
      var own = row.dataset[attribute];
      if (own && !known[own]) {
        var unit = attribute === "organisation" && row.querySelector(".board-unit");
        known[own] = unit ? unit.textContent : own;
      }
    });
    return known;
  }

  function fill(select) {
    var name = select.dataset.filter;
    if (name !== "module") {
      var known = names(name);
      if (value(name) && !known[value(name)]) known[value(name)] = value(name);
      var keys = Object.keys(known).sort(function (a, b) { return known[a].localeCompare(known[b], document.documentElement.lang); });
      var there = Array.from(select.options).slice(1).map(function (option) { return option.value; });
      if (keys.join("\n") !== there.join("\n")) {
        select.length = 1;
        keys.forEach(function (key) { select.add(new Option(known[key], key)); });
      }
    }
    if (select.value !== value(name)) select.value = value(name);
    if (select.selectedIndex < 0) select.selectedIndex = 0;
  }

  function fillGroups() {
    if (!groups) return;
    var known = Object.keys(names("group"));
    var individuals = board.querySelector("[data-tab-panel='individuals']");
    groups.hidden = (known.length < 2 && !value("group")) || Boolean(individuals && individuals.hidden);
    if (groups.hidden) return;
    if (value("group") && known.indexOf(value("group")) < 0) known.push(value("group"));
    var entries = [["", groups.dataset.all]].concat(known.map(function (name) { return [name, name]; }));
    var bar = groups.querySelector("ul");
    var had = bar.contains(document.activeElement) ? document.activeElement.dataset.group : null;
    bar.replaceChildren.apply(bar, entries.map(function (entry) {
      var item = document.createElement("li");
      var link = document.createElement("a");
      var words = asked();
      if (entry[0]) words.set("group", entry[0]);
      else words.delete("group");
      link.href = "?" + words + window.location.hash;
      link.dataset.group = entry[0];
      link.textContent = entry[1];
      if (entry[0] === value("group")) link.setAttribute("aria-current", "true");
      item.append(link);
      return item;
    }));
    if (had !== null) Array.from(bar.querySelectorAll("a")).forEach(function (link) { if (link.dataset.group === had) link.focus(); });
  }

  function fits(row, name) {
    var wanted = { group: value("group"), organisation: value("organisation"), team: value("team") };
    if (wanted.group && name === "entrants" && row.dataset.group !== wanted.group) return false;
    if (wanted.organisation && row.dataset.organisation !== wanted.organisation) return false;
    if (wanted.team && name === "entrants" && row.dataset.team !== wanted.team) return false;
    if (wanted.team && name === "teams" && row.dataset.name !== wanted.team) return false;
    var text = value("q").trim().toLowerCase();
    return !text || words(row).indexOf(text) >= 0;
  }

  /* Whoever looks for somebody looks among all, not among the lines that the page begins with. */
  function needsAll() {
    var there = {};
    live.rows("entrants").forEach(function (row) { there[row.dataset.number] = true; });
    return live.isCut() && (FILTERS.some(value) || followed().some(function (number) { return !there[number]; }));
  }

  /* An embedded board shows the first few of what fits. */
  function most() {
    var wanted = Number(value("rows"));
    return "rows" in board.dataset ? Math.min(Math.max(wanted || Number(board.dataset.rows), 1), 200) : Infinity;
  }

  function filter() {
    var shown = 0;
    ["entrants", "teams", "organisations"].forEach(function (name) {
      var here = 0;
      live.rows(name).forEach(function (row) {
        var yes = fits(row, name) && here < most();
        row.hidden = !yes;
        if (yes) here += 1;
        if (yes && row.offsetParent) shown += 1;
      });
    });
    if (!found) return;
    if (needsAll()) {
      found.textContent = "";
      return;
    }
    var said = [];
    var active = FILTERS.filter(function (name) { return value(name) && (name !== "module" || moduleName()); });
    if (active.some(function (name) { return name !== "module"; })) said.push(shown ? found.dataset.some.replace("{n}", shown) : found.dataset.none);
    if (moduleName()) said.push(found.dataset.module.replace("{m}", moduleName()));
    else if (shown && (value("organisation") || value("team") || (value("group") && !("byGroup" in board.dataset)))) said.push(found.dataset.places);
    if (found.textContent !== said.join(" · ")) found.textContent = said.join(" · ");
    var chosen = active.filter(function (name) { return name !== "q" && name !== "group"; }).length;
    if (count) {
      count.hidden = !chosen;
      count.textContent = chosen || "";
    }
  }

  /* What is filtered by stands above the list, each word with a button that takes it off. */
  function showChips() {
    if (!chips) return;
    var active = ["organisation", "team", "module"].filter(function (name) { return name === "module" ? moduleName() : value(name); });
    chips.hidden = !active.length;
    chips.replaceChildren.apply(chips, active.map(function (name) {
      var select = selects.find(function (each) { return each.dataset.filter === name; });
      var option = select && select.selectedOptions[0];
      var words = option && select.value ? option.textContent : value(name);
      var chip = document.createElement("button");
      chip.type = "button";
      chip.className = "button outline small";
      chip.dataset.takeOff = name;
      chip.setAttribute("aria-label", chips.dataset.words.replace("{f}", words));
      chip.append(words, cross ? cross.cloneNode(true) : "");
      return chip;
    }));
  }

  /* The ranking by one module */
  function head() {
    var wanted = value("module");
    return wanted ? Array.from(board.querySelectorAll("thead [data-module]")).find(function (each) { return each.dataset.module === wanted; }) : null;
  }
  function moduleName() {
    var there = head();
    return there && there.querySelector("span") ? there.querySelector("span").textContent : "";
  }

  live.sort = function (name, rows) {
    if (name !== "entrants" || !head() || live.isCut()) return rows;
    return live.ranked(rows, value("module")).map(function (one) { return one.row; });
  };

  function showModule() {
    var there = head();
    var heads = Array.from(board.querySelectorAll("thead [data-module]"));
    var index = there ? heads.indexOf(there) : -1;
    board.classList.toggle("is-by-module", Boolean(there));
    heads.forEach(function (each) { each.classList.toggle("is-ranking", each === there); });
    board.querySelectorAll(".board-module-place").forEach(function (each) { each.remove(); });
    live.ranked(live.rows("entrants"), there ? value("module") : "").forEach(function (one) {
      one.row.querySelectorAll(".board-cell").forEach(function (cell, at) { cell.classList.toggle("is-ranking", at === index); });
      if (!there) return;
      var place = document.createElement("span");
      place.className = "board-module-place place";
      place.textContent = one.place || "–";
      one.row.querySelector(".board-place").append(place);
    });
  }

  /* Following contestants: as many as one likes */
  function followed() { return asked().getAll("mine").filter(Boolean); }

  function showMine() {
    if (!mine) return;
    var numbers = followed();
    board.querySelectorAll(".board-row.is-mine").forEach(function (row) { row.classList.remove("is-mine"); });
    board.querySelectorAll("[data-follow]").forEach(function (link) {
      link.setAttribute("role", "button");
      link.setAttribute("aria-pressed", String(numbers.indexOf(link.dataset.follow) >= 0));
    });
    mine.hidden = !numbers.length;
    mine.replaceChildren();
    if (!numbers.length) return;
    var body = document.createElement("tbody");
    body.setAttribute("role", "rowgroup");
    numbers.forEach(function (number) {
      var row = live.rows("entrants").find(function (each) { return each.dataset.number === number; });
      if (!row && live.isCut()) return;
      if (!row) {
        var missing = document.createElement("p");
        missing.textContent = mine.dataset.missing.replace("{n}", number);
        mine.append(missing);
        return;
      }
      row.classList.add("is-mine");
      var copy = row.cloneNode(true);
      copy.removeAttribute("id");
      copy.hidden = false;
      copy.classList.remove("changed");
      body.append(copy);
    });
    if (!body.children.length) return;
    var table = document.createElement("table");
    table.className = "board-table";
    table.setAttribute("role", "table");
    table.append(body);
    mine.append(table);
  }

  /* Links that lead to the same page again keep what was chosen. */
  function carry() {
    document.querySelectorAll("a[hreflang], a.board-reload").forEach(function (link) {
      var words = asked();
      words.set("lang", link.hreflang || board.dataset.language);
      link.href = "?" + words + window.location.hash;
    });
  }

  function showTab(name) {
    var panels = Array.from(board.querySelectorAll("[data-tab-panel]"));
    if (!panels.some(function (panel) { return panel.dataset.tabPanel === name; })) name = "individuals";
    board.querySelectorAll("[data-tab]").forEach(function (tab) {
      if (tab.dataset.tab === name) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
    });
    panels.forEach(function (panel) { panel.hidden = panel.dataset.tabPanel !== name; });
  }

  function tabAsked() { return value("show") || window.location.hash.slice(1); }

  function apply() {
    if (needsAll()) live.whole();
    selects.forEach(fill);
    fillGroups();
    live.arrange("entrants");
    showModule();
    filter();
    showChips();
    showMine();
    carry();
  }

  board.addEventListener("click", function (event) {
    var tab = event.target.closest("[data-tab]");
    var follow = event.target.closest("[data-follow]");
    var group = event.target.closest("[data-group]:is(a)");
    if (tab) {
      event.preventDefault();
      window.history.replaceState(null, "", window.location.pathname + window.location.search + "#" + tab.dataset.tab);
      showTab(tab.dataset.tab);
      apply();
    } else if (group) {
      event.preventDefault();
      set("group", group.dataset.group);
      apply();
    } else if (follow) {
      event.preventDefault();
      var number = follow.dataset.follow;
      var numbers = followed();
      var was = numbers.indexOf(number) >= 0;
      keep(function (words) {
        words.delete("mine");
        numbers.filter(function (one) { return one !== number; }).concat(was ? [] : [number]).forEach(function (one) { words.append("mine", one); });
      });
      apply();
      if (!was) mine.scrollIntoView({ block: "center", behavior: live.still.matches ? "auto" : "smooth" });
    } else if (event.target.closest("[data-take-off]")) {
      set(event.target.closest("[data-take-off]").dataset.takeOff, "");
      apply();
    } else if (event.target.closest("#board-clear")) {
      keep(function (words) { FILTERS.forEach(function (name) { words.delete(name); }); });
      if (field) field.value = "";
      apply();
    }
  });
  selects.forEach(function (select) {
    select.addEventListener("change", function () {
      set(select.dataset.filter, select.value);
      apply();
    });
  });
  if (field) {
    field.value = value("q");
    field.addEventListener("focus", live.whole);
    field.addEventListener("input", function () {
      set("q", field.value);
      if (needsAll()) live.whole();
      filter();
      carry();
    });
  }
  var details = document.getElementById("board-filters");
  if (details) details.addEventListener("toggle", function () { if (details.open) live.whole(); });
  document.addEventListener("board:changed", apply);
  showTab(tabAsked());
  if (details && (value("organisation") || value("team") || value("module"))) details.open = window.innerWidth >= 760;
  apply();
})();

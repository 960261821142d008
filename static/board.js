/* Every public view of the board: listens to the stream, puts changed lines in place and in order.
   An event carries only what changed, already rendered by the server. What to do with the lines (filters, pages of
   a wall) is said by the script of each view through window.liveBoard. */
(function () {
  "use strict";
  var board = document.getElementById("board");
  if (!board) return;
  var still = window.matchMedia("(prefers-reduced-motion: reduce)");
  var line = document.getElementById("board-line");
  var copy = document.getElementById("board-copy");
  var LISTS = ["entrants", "teams", "organisations"];
  var CHANGED_SECONDS = 6;
  var source = null;
  var orders = {};
  var polls = 0;
  var shown = "";
  var isGettingAll = false;

  function part(name) { return document.querySelector("[data-part='" + name + "']"); }
  function list(name) { return board.querySelector("[data-list='" + name + "']"); }
  function rowsOf(name) { return list(name) ? Array.from(list(name).children) : []; }
  function keyOf(row) { return row.dataset.key; }

  function parsed(html) {
    var holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content.firstElementChild;
  }

  /* A line lights up when its marks are others, not when others' marks have pushed it along. */
  function marks(row) {
    return Array.from(row.querySelectorAll(".board-cell, .board-total, .board-members, .wall-mark, .wall-total, .wall-members"), function (cell) { return cell.textContent; }).join("|");
  }

  function remember() {
    LISTS.forEach(function (name) { orders[name] = rowsOf(name).map(keyOf); });
  }

  /* The lines as the server ordered them, or as the view's script wants them. */
  function arrange(name) {
    var body = list(name);
    if (!body) return;
    var rows = {};
    rowsOf(name).forEach(function (row) { rows[keyOf(row)] = row; });
    var ordered = orders[name].map(function (key) { return rows[key]; }).filter(Boolean);
    if (api.sort) ordered = api.sort(name, ordered);
    var at = body.firstElementChild;
    ordered.forEach(function (row) {
      if (row === at) at = at.nextElementSibling;
      else body.insertBefore(row, at);
    });
  }

  /* Places by one module's printed marks, within groups where the board ranks so: 1, 2, 2, 4. The server says the same. */
  function ranked(rows, module) {
    var heads = Array.from(board.querySelectorAll("thead [data-module]"), function (head) { return head.dataset.module; });
    var index = heads.indexOf(module);
    var groups = {};
    rows.forEach(function (row, at) {
      var cell = row.querySelectorAll(".board-cell, .wall-mark")[index];
      var text = cell ? cell.textContent.trim() : "";
      var mark = /^-?[0-9]+(\.[0-9]+)?$/.test(text) && !row.dataset.out ? Number(text) : null;
      var group = "byGroup" in board.dataset ? row.dataset.group || "" : "";
      (groups[group] = groups[group] || []).push({ row: row, mark: mark, at: at, place: null });
    });
    var sign = "less" in board.dataset ? 1 : -1;
    return Object.keys(groups).reduce(function (all, group) {
      var found = groups[group].sort(function (a, b) {
        if ((a.mark === null) !== (b.mark === null)) return a.mark === null ? 1 : -1;
        return a.mark === null || a.mark === b.mark ? a.at - b.at : sign * (a.mark - b.mark);
      });
      found.forEach(function (one, at) {
        if (one.mark !== null) one.place = at && found[at - 1].mark === one.mark ? found[at - 1].place : at + 1;
      });
      return all.concat(found);
    }, []);
  }

  function positions() {
    var found = {};
    if (still.matches || document.visibilityState !== "visible") return found;
    LISTS.forEach(function (name) {
      rowsOf(name).forEach(function (row) {
        if (row.hidden) return;
        var top = row.getBoundingClientRect().top;
        if (top > -200 && top < window.innerHeight + 200) found[name + " " + keyOf(row)] = top;
      });
    });
    return found;
  }

  function glide(before) {
    LISTS.forEach(function (name) {
      rowsOf(name).forEach(function (row) {
        var top = before[name + " " + keyOf(row)];
        if (top === undefined || row.hidden) return;
        var moved = top - row.getBoundingClientRect().top;
        if (moved) row.animate([{ transform: "translateY(" + moved + "px)" }, { transform: "none" }], { duration: 600, easing: "ease-in-out" });
      });
    });
  }

  /* A line with a new mark stands out for a while, by a colour that fades or, without movement, by an edge. */
  function light(row, name, news) {
    row.classList.add("changed");
    window.setTimeout(function () { row.classList.remove("changed"); }, CHANGED_SECONDS * 1000);
    if (name === "entrants") news.changed += 1;
  }

  function patch(name, told, news) {
    var body = list(name);
    if (!body || !told) return;
    var rows = {};
    rowsOf(name).forEach(function (row) { rows[keyOf(row)] = row; });
    Object.keys(told.rows || {}).forEach(function (key) {
      var fresh = parsed(told.rows[key]);
      var old = rows[key];
      if (!old || marks(old) !== marks(fresh)) light(fresh, name, news);
      if (old) {
        fresh.hidden = old.hidden;
        old.replaceWith(fresh);
      } else body.append(fresh);
      rows[key] = fresh;
    });
    if (told.order || told.moves || told.gone) {
      orders[name] = told.order || moved(orders[name], told.moves || [], told.gone || []);
      var left = new Set(orders[name]);
      Object.keys(rows).forEach(function (key) { if (!left.has(key)) rows[key].remove(); });
    }
    (told.places || []).forEach(function (run) {
      run.slice(1).forEach(function (html, at) { push(rows[orders[name][run[0] + at]], html); });
    });
    arrange(name);
  }

  /* The order after some lines went to other positions (told from the first position on) and some are gone. */
  function moved(order, moves, gone) {
    var away = new Set(gone.concat(moves.map(function (move) { return move[0]; })));
    var found = order.filter(function (key) { return !away.has(key); });
    moves.forEach(function (move) { found.splice(move[1], 0, move[0]); });
    return found;
  }

  /* A line that was only pushed along: its place is another one. */
  function push(row, html) {
    var cell = row && row.querySelector(".board-place, .wall-place");
    if (!cell) return;
    var fresh = parsed(html);
    cell.replaceWith(fresh);
    var place = fresh.querySelector(".place, .medal b");
    row.dataset.place = place && /^[0-9]+$/.test(place.textContent) ? place.textContent : "";
  }

  function take(told) {
    var before = positions();
    var news = { changed: 0 };
    ["head", "news"].forEach(function (name) {
      if (told[name] && part(name)) part(name).replaceChildren(parsed(told[name]));
    });
    LISTS.forEach(function (name) { patch(name, told[name], news); });
    if (told.counts) count(told.counts);
    changed(news);
    glide(before);
  }

  function changed(news) {
    document.dispatchEvent(new CustomEvent("board:changed", { detail: news }));
  }

  /* Other columns, headings or lists: then the whole page is another one. */
  function shape(root) {
    var title = root.ownerDocument.querySelector("h1");
    return Array.from(root.querySelectorAll("[data-list], [data-part], thead th"), function (each) {
      return each.dataset.list || each.dataset.part || each.textContent.trim();
    }).concat(title ? title.textContent : "", "byGroup" in root.dataset, "less" in root.dataset, "final" in root.dataset).join("\n");
  }
  var served = shape(board); // before the script of the view has dressed it

  /* After a gap the page is fetched as anybody would; a little later for each, so that not all ask at once. */
  function reload() {
    close();
    window.setTimeout(function () {
      fetchPage().then(open).catch(function () {
        say("lost");
        window.setTimeout(open, 5000 + Math.random() * 5000);
      });
    }, Math.random() * 1500);
  }

  function isShort(more) { return rowsOf(more.dataset.more).length < Number(more.dataset.lines); }

  /* True while there are lines that the page does not have. */
  function isCut() {
    return Array.from(board.querySelectorAll("[data-more]")).some(function (more) { return isShort(more); });
  }

  /* The board of all lines takes the place of the one that has the first: the same page, with a stream of its own. */
  function whole() {
    if (!isCut() || isGettingAll) return;
    isGettingAll = true;
    board.dataset.view = "all";
    board.setAttribute("aria-busy", "true");
    shown = "";
    close();
    fetchPage().then(open, function () {
      board.dataset.view = "page";
      open();
      say("lost");
    }).finally(function () {
      isGettingAll = false;
      board.removeAttribute("aria-busy");
    });
  }

  function address() {
    return board.dataset.view === "all" ? board.dataset.all + window.location.search : window.location.href;
  }

  /* Puts the page as it is now in place of what is shown; nothing happens while its name is the same. */
  function fetchPage() {
    return fetch(address(), { cache: "no-cache" }).then(function (answer) {
      if (!answer.ok) throw new Error(String(answer.status));
      var name = answer.headers.get("ETag");
      if (name && name === shown) return null;
      return answer.text().then(function (text) {
        var page = new DOMParser().parseFromString(text, "text/html");
        var fresh = page.getElementById("board");
        if (shape(fresh) !== served) {
          window.location.reload();
          return;
        }
        ["head", "news"].forEach(function (name) {
          var from = page.querySelector("[data-part='" + name + "']");
          if (from && part(name)) part(name).replaceChildren.apply(part(name), Array.from(from.childNodes));
        });
        var before = positions();
        var news = { reload: true, changed: 0 };
        var lengths = {};
        LISTS.forEach(function (name) {
          lengths[name] = rowsOf(name).length;
          var from = fresh.querySelector("[data-list='" + name + "']");
          if (!from || !list(name)) return;
          var was = {};
          rowsOf(name).forEach(function (row) { was[keyOf(row)] = marks(row); });
          list(name).replaceChildren.apply(list(name), Array.from(from.children));
          rowsOf(name).forEach(function (row) {
            // A line that was only not shown before has nothing new.
            if (isGettingAll && !(keyOf(row) in was)) return;
            if (was[keyOf(row)] !== marks(row)) light(row, name, news);
          });
        });
        board.dataset.event = fresh.dataset.event;
        recount(fresh, lengths);
        var label = page.getElementById("board-copy");
        if (copy && label) {
          copy.hidden = label.hidden;
          copy.textContent = label.textContent;
        }
        shown = name || "";
        isGettingAll = false;
        remember();
        LISTS.forEach(arrange);
        changed(news);
        glide(before);
      });
    });
  }

  /* The stream was refused: too many listen, or something on the way lets no stream through. Then the page is looked at
     every 15 to 30 seconds, each browser at its own moments, and now and then the stream is tried again. */
  function poll() {
    polls += 1;
    window.setTimeout(function () {
      fetchPage().then(function () {
        say("polling");
        if (polls % 6 === 0) open();
        else poll();
      }).catch(function () {
        say("lost");
        poll();
      });
    }, polls === 1 ? Math.random() * 5000 : 15000 + Math.random() * 15000);
  }

  /* How long the lists are: on their tabs, and on the way to the lines that the page does not have. */
  function count(counts) {
    Object.keys(counts).forEach(function (name) {
      var tab = board.querySelector("[data-count='" + name + "']");
      var more = board.querySelector("[data-more='" + name + "']");
      if (tab) tab.textContent = counts[name];
      if (!more) return;
      more.dataset.lines = counts[name];
      more.querySelector("span").textContent = more.dataset.words.replace("{n}", counts[name]);
      more.hidden = !isShort(more);
    });
  }

  /* As `count`; whoever asked for more by the keyboard goes on at the first line of it. */
  function recount(fresh, lengths) {
    var more = board.querySelector("[data-more]:focus-within");
    var counts = {};
    fresh.querySelectorAll("[data-more]").forEach(function (each) { counts[each.dataset.more] = Number(each.dataset.lines); });
    count(counts);
    var next = more && more.hidden && rowsOf(more.dataset.more)[lengths[more.dataset.more]];
    next = next && next.querySelector("a");
    if (next) next.focus({ preventScroll: true });
  }

  function watchEnd() {
    var ends = board.querySelectorAll("[data-more]");
    var watch = new IntersectionObserver(function (seen) {
      if (seen.some(function (each) { return each.isIntersecting; })) whole();
    }, { rootMargin: "1200px" });
    ends.forEach(function (more) {
      watch.observe(more);
      more.addEventListener("click", function (event) {
        event.preventDefault();
        whole();
      });
    });
  }

  function say(word) {
    board.dataset.connection = word;
    if (line) line.textContent = line.dataset[word] || "";
  }

  function close() {
    if (source) source.close();
    source = null;
  }

  function follows(before, name) {
    var was = before.split("."), is = name.split(".");
    return was[0] === is[0] && Number(is[1]) === Number(was[1]) + 1;
  }

  function open() {
    close();
    var query = "?lang=" + board.dataset.language + "&view=" + board.dataset.view + "&after=" + encodeURIComponent(board.dataset.event);
    source = new EventSource(board.dataset.stream + query);
    source.onopen = function () {
      polls = 0;
      shown = "";
      say("live");
    };
    source.onerror = function () {
      if (!source || source.readyState !== EventSource.CLOSED) {
        // A stream that ends between two polls is not a loss; a longer silence is.
        window.setTimeout(function () { if (source && source.readyState !== EventSource.OPEN) say("lost"); }, 9000);
        return;
      }
      close();
      poll();
    };
    source.addEventListener("board", function (event) {
      // An event tells what is other than after the one before it; to nothing else can it be added.
      if (!follows(board.dataset.event, event.lastEventId)) return void reload();
      board.dataset.event = event.lastEventId;
      take(JSON.parse(event.data));
    });
    source.addEventListener("reload", reload);
    /* The contest cannot be reached; what is shown is how it stood at that moment. */
    source.addEventListener("copy", function (event) {
      if (!copy) return;
      copy.textContent = copy.dataset.words.replace("{at}", event.data);
      copy.hidden = false;
    });
    source.addEventListener("fresh", function () { if (copy) copy.hidden = true; });
  }

  var api = { sort: null, arrange: arrange, ranked: ranked, rows: rowsOf, still: still, isCut: isCut, whole: whole };
  window.liveBoard = api;
  remember();
  open();
  watchEnd();
})();

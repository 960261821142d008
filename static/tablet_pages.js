/* Puts a judge's pages aside for the time without a network, and says when a page is such a copy.
   Copies hold no contestant's name (?copy=1), belong to one judge, and go when that judge signs out. */
(function () {
  "use strict";
  var PAGES = "judge-pages", PARTS = "judge-parts", OWNER = "/judging-owner", PROGRAM = "/judging-program", PAGE = "/judging/tablet";
  var OLDEST = 12 * 3600 * 1000;
  var outbox = window.sheetOutbox, words = outbox.words;
  var keptAt = document.documentElement.dataset.keptAt;
  var renewed = null; // Parts fetched anew on this page, where those that are kept belong to another release; null where they do not.
  var canKeep = window.isSecureContext && "serviceWorker" in navigator && "caches" in window;

  function tellAbove(text, kind) {
    var notice = document.createElement("div");
    notice.className = "notice notice-" + kind;
    notice.setAttribute("role", "status");
    notice.textContent = text;
    document.getElementById("main").prepend(notice);
  }

  /* In the contest's time zone, whatever the tablet's own is. */
  function clock(moment) { return new Date(moment).toLocaleTimeString(document.documentElement.lang, { timeZone: words.zone, hourCycle: "h23", hour: "2-digit", minute: "2-digit" }); }

  if (keptAt) tellAbove(words.kept.replace("{time}", clock(keptAt)), "warn");
  if (!canKeep && document.getElementById("own-list")) tellAbove(words.plain, "info");

  /* Whoever else's pages are here go first. */
  function own() {
    return caches.open(PAGES).then(function (cache) {
      return cache.match(OWNER).then(function (owner) { return owner ? owner.text() : ""; }).then(function (owner) {
        if (owner === outbox.user) return cache;
        return caches.delete(PAGES).then(function () { return caches.open(PAGES); }).then(function (empty) {
          return empty.put(OWNER, new Response(outbox.user)).then(function () { return empty; });
        });
      });
    });
  }

  function partsOf(page) {
    var found = [];
    page.querySelectorAll("link[href], script[src], img[src], use[href]").forEach(function (node) {
      found.push(node.getAttribute("href") || node.getAttribute("src"));
    });
    return found;
  }

  function keepParts(addresses) {
    var wanted = {};
    addresses.forEach(function (address) {
      var at = new URL(address, window.location.href);
      if (at.origin === window.location.origin && at.pathname.indexOf("/static/") === 0) wanted[at.pathname] = true;
    });
    return caches.open(PARTS).then(function (cache) {
      return Object.keys(wanted).reduce(function (before, path) {
        return before.then(function () { return cache.match(path); }).then(function (known) {
          if (known && (!renewed || renewed[path])) return undefined;
          if (renewed) renewed[path] = true;
          return cache.add(path);
        });
      }, Promise.resolve());
    });
  }

  function isFresh(copy, version) {
    return copy && !renewed && copy.headers.get("X-Kept-Version") === version && Date.now() - new Date(copy.headers.get("X-Kept-At")) < OLDEST;
  }

  function keepPage(cache, path, version) {
    return cache.match(path).then(function (copy) {
      if (isFresh(copy, version)) return undefined;
      return fetch(path + "?copy=1", { credentials: "same-origin" }).then(function (answer) {
        if (!answer.ok || answer.redirected || answer.headers.get("X-App") !== "contest") throw new Error("no copy to be had");
        var headers = new Headers(answer.headers);
        headers.set("X-Kept-At", new Date().toISOString());
        headers.set("X-Kept-Version", version);
        return answer.text().then(function (text) {
          var page = new DOMParser().parseFromString(text, "text/html");
          return keepParts(partsOf(page)).then(function () { return cache.put(path, new Response(text, { status: 200, headers: headers })); });
        });
      });
    });
  }

  /* Programs of two releases do not go together: after an update every page and part that is kept is fetched once more. */
  function meetProgram() {
    return caches.open(PARTS).then(function (cache) { return cache.match(PROGRAM); }).then(function (kept) { return kept ? kept.text() : ""; }).then(function (kept) {
      renewed = kept === words.program ? null : {};
    });
  }

  function keepProgram() {
    return renewed && caches.open(PARTS).then(function (cache) { return cache.put(PROGRAM, new Response(words.program)); });
  }

  /* The list with every sheet on it; when the list is not on the screen, the page that is. */
  function keepAll() {
    var language = document.documentElement.lang;
    var rows = Array.from(document.querySelectorAll("a.own-sheet"));
    var wanted = [];
    if (document.getElementById("own-list")) wanted = [["/judging", String(Date.now())], [PAGE, language]];
    rows.forEach(function (row) { wanted.push([new URL(row.href).pathname, [row.dataset.rev, row.dataset.state, row.dataset.rules, language].join(" ")]); });
    return meetProgram().then(own).then(function (cache) {
      return wanted.reduce(function (before, pair) { return before.then(function () { return keepPage(cache, pair[0], pair[1]); }); }, Promise.resolve());
    }).then(function () {
      return keepParts(performance.getEntriesByType("resource").map(function (entry) { return entry.name; }));
    }).then(function () { return document.getElementById("own-list") && keepProgram(); });
  }

  function register() {
    return navigator.serviceWorker.register("/judging-worker.js", { scope: "/judging" }).then(function () {
      return navigator.serviceWorker.controller || new Promise(function (resolve) {
        navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true });
      });
    });
  }

  window.tabletPages = { keptAt: keptAt, canKeep: canKeep, isReady: false, isLasting: null, clock: clock, ready: Promise.resolve() };

  if (navigator.storage && navigator.storage.persist) {
    navigator.storage.persist().then(function (granted) { window.tabletPages.isLasting = granted; });
  }
  if (canKeep && !keptAt) {
    window.tabletPages.ready = register().then(keepAll).then(function () {
      window.tabletPages.isReady = true;
      document.documentElement.dataset.pagesKept = "yes";
    }, function () { document.documentElement.dataset.pagesKept = "no"; });
  } else if (canKeep) window.tabletPages.isReady = true;
})();

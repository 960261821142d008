/* "This tablet": every operation with its state, and a file of them for the day on which nothing else works. */
(function () {
  "use strict";
  var page = document.getElementById("tablet-page");
  if (!page) return;
  var outbox = window.sheetOutbox, store = window.tabletStore, pages = window.tabletPages;
  var body = document.querySelector("#tablet-operations tbody");

  function moment(text) {
    if (!text) return "–";
    // As every other page writes it: in the contest's time zone, whatever the tablet's own is.
    var found = {};
    new Intl.DateTimeFormat("en", {
      timeZone: page.dataset.zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit"
    }).formatToParts(new Date(text)).forEach(function (part) { found[part.type] = part.value; });
    return found.year + "-" + found.month + "-" + found.day + " " + found.hour + ":" + found.minute;
  }

  function badge(name) { return page.querySelector("[data-badge='" + name + "']").content.cloneNode(true); }

  function line(operation) {
    var row = page.querySelector("template[data-row]").content.cloneNode(true);
    function put(name, text) { row.querySelector("[data-" + name + "]").textContent = text; }
    put("seq", operation.seq);
    put("code", operation.code || operation.sheet);
    row.querySelector("[data-code]").href = "/judging/sheets/" + operation.sheet;
    put("kind", page.dataset[operation.kind]);
    put("made", moment(operation.entered_at));
    put("answered", moment(operation.answered_at));
    var state = row.querySelector("[data-state]");
    state.append(badge(operation.settled_at ? "settled" : operation.state));
    if (operation.sentence && operation.state !== "accepted") state.append(" " + operation.sentence);
    if (operation.offered_at && operation.state === "accepted") state.append(" " + page.dataset.offered.replace("{time}", moment(operation.offered_at)));
    if (operation.answer) state.append(" " + outbox.words.chiefSays + " " + operation.answer);
    row.firstElementChild.dataset.op = operation.op_id;
    row.firstElementChild.dataset.is = operation.state;
    return row;
  }

  function show() {
    return outbox.operations().then(function (known) {
      body.replaceChildren.apply(body, known.slice().reverse().map(line));
      page.querySelector("[data-none]").hidden = known.length > 0;
      page.querySelectorAll("[data-count-of]").forEach(function (place) {
        place.textContent = known.filter(function (one) { return one.state === place.dataset.countOf; }).length;
      });
    });
  }

  function fact(name, text) { page.querySelector("[data-fact='" + name + "']").textContent = text; }
  function yesOrNo(known) { return known === null ? "–" : known ? page.dataset.yes : page.dataset.no; }

  function showTablet() {
    store.device().then(function (own) { page.querySelector("[data-name]").textContent = own.name; });
    window.tabletKey.print().then(function (print) { fact("key", print || page.dataset.unsigned); });
    pages.ready.then(function () { fact("pages", yesOrNo(pages.isReady || Boolean(pages.keptAt))); });
    if (navigator.storage && navigator.storage.persisted) navigator.storage.persisted().then(function (granted) { fact("lasting", yesOrNo(granted)); });
    if (navigator.storage && navigator.storage.estimate) {
      navigator.storage.estimate().then(function (room) { fact("room", Math.round((room.quota - room.usage) / 1e6) + " MB"); });
    }
    // Only how many: another judge's marks are nobody else's business.
    store.all("operations", "").then(function (known) {
      var away = known.filter(function (one) { return one.installation && one.installation !== window.sheetOperations.installation; });
      say("[data-others-here]", page.dataset.others, known.filter(function (one) {
        return away.indexOf(one) < 0 && one.user !== page.dataset.user && window.sheetOperations.isWaiting(one);
      }).length);
      say("[data-away-here]", page.dataset.away, away.length);
    }, function () { return undefined; });
  }

  function say(where, text, count) {
    var place = page.querySelector(where);
    place.textContent = text.replace("{count}", count);
    place.hidden = !count;
  }

  /* What is typed and not yet an operation becomes one first, so that the file holds everything. */
  function freeze() {
    return outbox.records().then(function (records) {
      var loose = records.filter(function (record) { return record.dirty && !record.clash && !record.refused; });
      return loose.reduce(function (before, record) { return before.then(function () { return outbox.make(record, record.handing ? "submit" : "draft"); }); }, Promise.resolve());
    });
  }

  /* Each with the very bytes that are signed: JSON that is read and written again may be others. */
  function withSignatures(known) {
    return Promise.all(known.map(function (one) {
      return window.tabletKey.signature(one).then(function (signed) {
        var entry = { sheet: Number(one.sheet), code: one.code, state: one.state, body: JSON.parse(one.body) };
        if (signed["X-Key"]) Object.assign(entry, { text: one.body, key: signed["X-Key"], signature: signed["X-Signature"] });
        return { isFlag: one.kind === "flag", entry: entry };
      });
    }));
  }

  function save() {
    return freeze().then(function () { return Promise.all([outbox.operations().then(withSignatures), store.device(), window.tabletKey.card()]); }).then(function (found) {
      function part(isFlag) { return found[0].filter(function (one) { return one.isFlag === isFlag; }).map(function (one) { return one.entry; }); }
      var file = { format: "contest-operations", v: 2, user: Number(page.dataset.user), installation: window.sheetOperations.installation, device_id: found[1].id, saved_at: new Date().toISOString(), operations: part(false), flags: part(true) };
      if (found[2]) file.key = found[2];
      var link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([JSON.stringify(file, null, 1)], { type: "application/json" }));
      link.download = "tablet-" + found[1].name + "-" + file.saved_at.slice(0, 19).replace(/[:T]/g, "-") + ".json";
      link.click();
      setTimeout(function () { URL.revokeObjectURL(link.href); }, 60000);
      return show();
    });
  }

  document.querySelector("[data-save]").addEventListener("click", save);
  document.querySelector("[data-send-now]").addEventListener("click", function () {
    // What was refused is tried once more when its judge asks for it.
    outbox.records().then(function (records) {
      records.forEach(function (record) { record.refused = null; });
      return outbox.flushAll();
    }).then(show);
  });
  outbox.onChange(show);
  outbox.ready.then(show).then(showTablet);
})();

/* The code over all sheets that were handed in: reckoned here from this tablet's own accepted operations, by the server from its
   ledger (docs/protocol.md, “The total code”). Both are shown beside each other, and every sheet is compared by itself. */
(function () {
  "use strict";
  var operations = window.sheetOperations, outbox = window.sheetOutbox, store = window.tabletStore;
  var PATIENCE = 15000, SOON = 400;
  var LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
  var VOID = ["x", "×", "void", "dnf", "dns"];
  var NUMBER = /^[+-]?[0-9]{1,12}(\.[0-9]{1,12})?$/;
  var places = Array.from(document.querySelectorAll("[data-total-of]"));
  var timer = null, asked = 0;

  /* As Python's strip() and the full-width digits of the server's reader. */
  function plainText(typed) {
    var text = typed.trim().replace(/[０-９．－＋]/g, function (letter) { return String.fromCharCode(letter.charCodeAt(0) - 0xfee0); });
    if (VOID.indexOf(text.toLowerCase()) >= 0) return "x";
    if (!NUMBER.test(text)) return text === "" ? null : text;
    var isBelow = text[0] === "-", parts = text.replace(/^[+-]/, "").split(".");
    var whole = parts[0].replace(/^0+(?=\d)/, ""), rest = (parts[1] || "").replace(/0+$/, "");
    var number = rest ? whole + "." + rest : whole;
    return isBelow && number !== "0" ? "-" + number : number;
  }

  function plainMark(value) {
    if (value === null || value === undefined) return null;
    if (typeof value === "boolean") return value;
    if (Array.isArray(value)) {
      var found = value.map(plainMark);
      while (found.length && found[found.length - 1] === null) found.pop();
      return found.length ? found : null;
    }
    if (typeof value === "object") {
      return Object.keys(value).map(Number).filter(function (key) { return value[key]; }).sort(function (one, other) { return one - other; }).map(function (key) { return [key, value[key]]; });
    }
    return plainText(String(value));
  }

  function sheetDigest(sheet, rev, opId, marks) {
    var pairs = Object.keys(marks).sort().map(function (key) { return [key, plainMark(marks[key])]; }).filter(function (pair) { return pair[1] !== null; });
    return window.sha256("contest-sheet-sum/1\n" + JSON.stringify([sheet, rev, opId, pairs]));
  }

  /* rows: {sheet, digest} each. */
  function totalDigest(rows) {
    var lines = rows.slice().sort(function (one, other) { return one.sheet - other.sheet; }).map(function (row) { return row.sheet + " " + row.digest + "\n"; });
    return window.sha256("contest-total-code/1\n" + lines.join(""));
  }

  function codeOf(digest) {
    var number = parseInt(digest.slice(0, 8), 16) >>> 2, letters = "";
    for (var shift = 25; shift >= 0; shift -= 5) letters += LETTERS[(number >>> shift) & 31];
    return letters.replace(/(..)(?=.)/g, "$1-");
  }

  /* What this tablet handed in, by its own accepted operations: {contest: [{sheet, rev, digest}]}; and how much still waits. */
  function own() {
    return operations.all().then(function (known) {
      var latest = {}, found = {}, waiting = {};
      known.forEach(function (one) {
        if (one.kind === "flag") return;
        if (operations.isWaiting(one) && one.kind === "submit") waiting[one.contest] = (waiting[one.contest] || 0) + 1;
        if (one.state === "accepted" && one.rev && (!latest[one.sheet] || latest[one.sheet].rev < one.rev)) latest[one.sheet] = one;
      });
      Object.keys(latest).forEach(function (sheet) {
        var one = latest[sheet];
        if (one.kind !== "submit") return;
        found[one.contest] = found[one.contest] || [];
        found[one.contest].push({ sheet: Number(sheet), rev: one.rev, digest: sheetDigest(Number(sheet), one.rev, one.op_id, JSON.parse(one.body).marks) });
      });
      return { sheets: found, waiting: waiting };
    });
  }

  /* The same comparison as the server's (total_rules.compare): what the server says of itself is not asked. */
  function compare(told, held) {
    var known = {}, mine = {}, found = { equal: [], elsewhere: [], missing: [], differing: [], untold: [] };
    held.forEach(function (one) { known[one.sheet] = one; });
    told.forEach(function (one) {
      var there = known[one.sheet];
      mine[one.sheet] = true;
      if (!there || there.latest < one.rev) found.missing.push(one.sheet);
      else if (there.rev !== one.rev) found.elsewhere.push(one.sheet);
      else found[there.digest === one.digest ? "equal" : "differing"].push(one.sheet);
    });
    held.forEach(function (one) { if (one.rev && !mine[one.sheet]) found.untold.push(one.sheet); });
    return found;
  }

  function stateOf(found, waiting) {
    if (found.missing.length || found.differing.length) return "differs";
    if (waiting) return "waits";
    return found.elsewhere.length || found.untold.length ? "partly" : "equal";
  }

  function codesOf(sheets, comma) {
    return sheets.map(function (sheet) {
      var row = document.querySelector('a.own-sheet[data-sheet="' + sheet + '"] .own-code');
      return row ? row.textContent.trim() : String(sheet);
    }).join(comma);
  }

  function put(place, name, text) { place.querySelector('[data-total="' + name + '"]').textContent = text; }

  function showState(place, state, count, sheets) {
    Array.from(place.querySelectorAll("[data-total-state]")).forEach(function (badge) {
      badge.hidden = badge.dataset.totalState !== state;
      if (!badge.hidden) badge.querySelector("[data-total-words]").textContent = badge.dataset.words.replace("{count}", count).replace("{sheets}", sheets);
    });
    place.dataset.state = state;
  }

  function showOwn(place, told) { put(place, "here", told.length ? codeOf(totalDigest(told)) : "–"); }

  function show(place, mine, answer) {
    var told = mine.sheets[place.dataset.totalOf] || [], waiting = mine.waiting[place.dataset.totalOf] || 0;
    showOwn(place, told);
    if (!answer) return void showState(place, waiting ? "waits" : "alone", waiting, "");
    var held = answer.sheets, handed = held.filter(function (one) { return one.rev; });
    var found = compare(told, held), state = stateOf(found, waiting), wrong = found.missing.concat(found.differing);
    put(place, "handed", place.dataset.handed.replace("{done}", handed.length).replace("{count}", answer.count));
    put(place, "there", handed.length ? codeOf(totalDigest(handed)) : "–");
    showState(place, state, { waits: waiting, partly: found.elsewhere.length + found.untold.length, differs: wrong.length, equal: found.equal.length }[state], codesOf(wrong, place.dataset.comma));
    place.hidden = !handed.length && !told.length;
  }

  function ask(mine) {
    var stop = new AbortController(), limit = setTimeout(function () { stop.abort(); }, PATIENCE);
    var headers = { "Content-Type": "application/json", "X-Contest": "1" };
    if (operations.installation) headers["X-Installation"] = operations.installation;
    if (window.idle) headers["X-Idle"] = String(window.idle.seconds());
    return store.device().then(function (device) {
      var contests = Object.keys(mine.sheets).map(function (contest) { return { contest: Number(contest), sheets: mine.sheets[contest] }; }).filter(function (one) { return one.contest > 0; });
      return fetch("/api/v1/tablets/totals", { method: "POST", credentials: "same-origin", signal: stop.signal, headers: headers, body: JSON.stringify({ v: 1, device_id: device.id, name: device.name, contests: contests }) });
    }).then(function (response) {
      if (!response.ok || response.headers.get("X-App") !== "contest") throw new Error("no answer of ours");
      return response.json();
    }).finally(function () { clearTimeout(limit); });
  }

  /* What the tablet holds is read again behind the answer: what was accepted meanwhile is compared at the next turn. */
  function refresh() {
    var turn = asked += 1;
    return own().then(function (mine) {
      places.forEach(function (place) { showOwn(place, mine.sheets[place.dataset.totalOf] || []); });
      return ask(mine).catch(function () { return null; }).then(function (answer) {
        if (turn !== asked) return;
        places.forEach(function (place) {
          var one = answer && answer.contests.find(function (each) { return String(each.contest) === place.dataset.totalOf; });
          show(place, mine, one);
        });
      });
    });
  }

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(refresh, SOON);
  }

  window.tabletTotal = { plainMark: plainMark, sheetDigest: sheetDigest, totalDigest: totalDigest, codeOf: codeOf, compare: compare, refresh: refresh };
  if (!places.length) return;
  outbox.onChange(soon);
  window.addEventListener("online", soon);
  document.addEventListener("DOMContentLoaded", function () { outbox.ready.then(refresh); });
})();

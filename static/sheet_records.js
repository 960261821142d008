/* What the tablet holds of each sheet: `marks` as typed, `bad` marks that must not be sent, `rev` the revision they stand on, `dirty`
   when more is to be sent, `handing` when the judge has handed it in, `queue` the ids of operations that wait, oldest first,
   `mine` the aspects that were typed on this page and are in no operation yet, `rules` the form that they were typed into
   (`seen`: what that one asked for; `carried`: operations of an earlier form whose marks came into this one; `left`: marks of one
   that did not and was refused), `outdated` when the server has another form by now. Several tabs of one tablet may show a sheet:
   each merges what the other wrote last into what it writes (`page`, `turn`), aspect by aspect. */
(function () {
  "use strict";
  var store = window.tabletStore, operations = window.sheetOperations;
  var prefix = operations.prefix;
  var sending = {}; // Sheets whose operations this page is sending now.
  var gone = {}; // When a person let a sheet's copy go: what was read of it before then is no copy.
  var open = {}; // Records that this page has in its hands; the stored copy of one is only a copy.
  var page = store.newId();
  var SHARED = ["rev", "state", "clash", "handing", "turn"];

  function blank(sheet) {
    return { sheet: String(sheet), user: operations.user, rev: 0, state: "", rules: "", seen: {}, marks: {}, mine: {}, bad: {}, queue: [], dirty: false, handing: null, clash: null, refused: null, isFresh: true };
  }

  function isPending(record) {
    return Boolean(record && (record.dirty || record.queue.length || record.handing || record.clash || record.refused || Object.keys(record.bad).length));
  }

  /* True when nothing waits to be sent: what is left was refused and needs its judge. */
  function isRefused(record) {
    return !record.queue.length && !record.clash && Boolean(record.refused || (!record.dirty && Object.keys(record.bad).length));
  }

  /* True when the record holds all that is in the stored copy already: it is this page's own, the one that was merged last
     (`base`), or an earlier one of the page that wrote the second copy from which the record was taken up. Such a copy is
     only old: what it says must not come over what was typed since. */
  function isKnown(record, kept) {
    return kept.page === page || kept.touched === record.base || (kept.page === record.page && kept.touched <= record.touched);
  }

  /* Takes over what another tab wrote last: where the sheet stands, and the marks that were not typed here. */
  function merge(record, kept) {
    if (!kept || !kept.page) return;
    var known = isKnown(record, kept);
    record.base = kept.touched;
    // A tab that shows another form: the same place in a list may be another line there. Whoever of the two is behind loads
    // its form anew, and what stands between them then is a conflict that its judge sees.
    if (known || (kept.rules || "") !== (record.rules || "")) return;
    record.touched = Math.max(record.touched || 0, kept.touched || 0);
    record.carried = Array.from(new Set((record.carried || []).concat(kept.carried || [])));
    if ((kept.turn || 0) > (record.turn || 0)) SHARED.forEach(function (name) { record[name] = kept[name]; });
    var mine = record.mine || {};
    Object.keys(Object.assign({}, record.marks, kept.marks)).forEach(function (key) {
      if (key in mine || JSON.stringify(record.marks[key]) === JSON.stringify(kept.marks[key])) return;
      if (key in kept.marks) record.marks[key] = kept.marks[key];
      else delete record.marks[key];
      if (key in kept.bad) record.bad[key] = kept.bad[key];
      else delete record.bad[key];
      record.isMerged = true; // The page shows it when it hears of the record next.
    });
    // What was typed there that tab may not live to send.
    if (!Object.keys(mine).length) record.dirty = Boolean(kept.dirty);
    if (Object.keys(kept.mine || {}).length) record.dirty = true;
  }

  /* What is stored of a record, given what stands there. A page that was just loaded shows the server's word: it stands,
     unless another tab has typed meanwhile. */
  function written(record) {
    return function (kept) {
      var isFresh = record.isFresh && !(isPending(kept) && kept.page !== page);
      record.isFresh = false;
      if (isFresh) {
        record.turn = ((kept && kept.turn) || 0) + 1;
        record.base = kept && kept.touched;
      } else merge(record, kept);
      record.page = page;
      touch(record);
      return record;
    };
  }

  /* Of two copies the one that was written later says the higher figure, also when the tablet's clock was set back in between. */
  function touch(record) { record.touched = Math.max(Date.now(), (record.touched || 0) + 1); }

  function turn(record) { record.turn = (record.turn || 0) + 1; }

  /* Also when the browser keeps nothing (a private window), marks are sent; the page then says that it must stay open. */
  function put(record, changed, isNote) {
    open[record.sheet] = record;
    touch(record);
    var held = store.mirror("tablet-record:" + prefix + record.sheet, isPending(record) ? record : null);
    var changes = [["records", prefix + record.sheet, written(record)]];
    (changed || []).forEach(function (operation) {
      held = store.mirror("tablet-operation:" + operations.keyOf(operation), operations.isWaiting(operation) ? operation : null) && held;
      changes.push(["operations", operations.keyOf(operation), operation]);
    });
    return store.write(changes, isNote).then(function () {
      record.unkept = record.full = false;
      // Only now that it stands there do other tabs hear of it.
      store.mirror("tablet-news", { key: prefix + record.sheet, at: store.newId() });
    }, function () {
      record.unkept = !held;
      record.full = held;
    });
  }

  function keep(record) { return put(record, []); }

  /* Of the two copies of a record the later one stands; an operation is the same in both. */
  function newer(first, second) {
    if (!first || !second) return first || second;
    return (second.touched || 0) > (first.touched || 0) ? second : first;
  }

  function load(sheet) {
    if (open[sheet]) return Promise.resolve(open[sheet]);
    return Promise.all([store.get("records", prefix + sheet).catch(function () { return undefined; }), operations.all(sheet)]).then(function (both) {
      var second = store.mirrored("tablet-record:" + prefix).find(function (one) { return one.sheet === String(sheet); });
      if (open[sheet]) return open[sheet];
      if (newer(both[0], second)) open[sheet] = newer(both[0], second);
      gather(both[1], [String(sheet)]);
      return open[sheet];
    });
  }

  /* What this tablet holds of a sheet now, whichever tab wrote it last; undefined when it holds nothing. */
  function hold(sheet) {
    return load(sheet).then(function (record) {
      return record && refresh(record).then(function () { return record; });
    });
  }

  function loadAll() {
    return Promise.all([store.all("records", prefix).catch(function () { return []; }), operations.all()]).then(function (both) {
      var found = {};
      both[0].concat(store.mirrored("tablet-record:" + prefix)).forEach(function (record) { if (!((record.touched || 0) <= gone[record.sheet])) found[record.sheet] = newer(found[record.sheet], record); });
      Object.keys(found).forEach(function (sheet) { if (!open[sheet]) open[sheet] = found[sheet]; });
      gather(both[1]);
      return Object.keys(open).map(function (sheet) { return open[sheet]; });
    });
  }

  /* Whatever waits is in a queue: what another tab made and did not live to send, what its record does not know of, and
     what has no record any more. Where nothing else is unsent, its marks are what was typed last; but what was typed into
     another form than the record stays out of it: the same place in a list may be another line there. */
  function gather(known, sheets) {
    var found = {};
    known.filter(function (one) { return one.kind !== "flag" && operations.isWaiting(one) && !sending[one.sheet]; }).forEach(function (one) {
      var body = JSON.parse(one.body), record = open[one.sheet];
      var isOther = Boolean(record && body.rules && body.rules !== record.rules);
      if (!record) {
        record = open[one.sheet] = Object.assign(blank(one.sheet), { door: one.door, code: one.code, contest: one.contest, rev: one.base_rev, rules: body.rules || "", isFresh: false });
        if (one.kind === "submit") record.handing = { at: one.entered_at };
      } else if (!found[one.sheet] && (isOther || isPending(record))) return;
      if (isOther) Object.assign(record, { rules: body.rules, seen: {} }); // All that stands in it was taken over just now.
      found[one.sheet] = record.isMerged = true;
      record.marks = body.marks;
    });
    (sheets || Object.keys(open)).forEach(function (sheet) { if (open[sheet] && !sending[sheet]) operations.line(open[sheet], known); });
  }

  /* Another tab may have sent meanwhile. Whoever sends alone begins with this. */
  function refresh(record) { return hear(record).then(function () { return operations.waitingOf(record); }); }

  function hear(record) {
    return store.get("records", prefix + record.sheet).catch(function () { return undefined; }).then(function (kept) {
      if (!record.isFresh) merge(record, kept);
    });
  }

  /* Results are final: what was accepted has done its work. What was not stays for its judge. */
  function forget(contests) {
    var over = contests.map(String);
    return Promise.all([operations.all(), loadAll()]).then(function (found) {
      var changes = found[0].filter(function (one) { return over.indexOf(String(one.contest)) >= 0 && one.state === "accepted"; }).map(function (one) { return ["operations", operations.keyOf(one), null]; });
      found[1].filter(function (record) { return over.indexOf(String(record.contest)) >= 0 && !isPending(record); }).forEach(function (record) {
        delete open[record.sheet];
        changes.push(["records", prefix + record.sheet, null]);
      });
      return changes.length ? store.write(changes) : undefined;
    });
  }

  /* A person lets a sheet's copy go; its operations stay as what they became. */
  function letGo(sheet) {
    gone[sheet] = Math.max(Date.now(), (open[sheet] && open[sheet].touched) || 0);
    delete open[sheet];
    store.mirror("tablet-record:" + prefix + sheet, null);
  }

  window.sheetRecords = {
    open: open, sending: sending, blank: blank, isPending: isPending, isRefused: isRefused, written: written, turn: turn, put: put,
    keep: keep, load: load, hold: hold, all: loadAll, refresh: refresh, hear: hear, forget: forget, letGo: letGo
  };
})();

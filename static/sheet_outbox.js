/* Keeps each sheet's marks on the tablet before anything is sent, and sends them until the server has answered.
   A record per sheet: `marks` as typed, `bad` marks that must not be sent, `rev` the revision they stand on, `dirty` when
   more is to be sent, `handing` when the judge has handed it in, `queue` the ids of operations that wait, oldest first,
   `mine` the aspects that were typed on this page and are in no operation yet. Several tabs of one tablet may show a sheet:
   each merges what the other wrote last into what it writes (`page`, `turn`), aspect by aspect.
   An operation, once made, is never changed, so that a repeat is recognised; it is always in one state: local, sent,
   accepted, refused or conflict. None is thrown away before the results are final. */
(function () {
  "use strict";
  var user = document.currentScript.dataset.user;
  var words = document.getElementById("sheet-words").dataset;
  var store = window.tabletStore, door = window.tabletDoor;
  var prefix = user + ":";
  var listeners = [];
  var busy = {};
  var gone = {}; // When a person let a sheet's copy go: what was read of it before then is no copy.
  var open = {}; // Records that this page has in its hands; the stored copy of one is only a copy.
  var page = store.newId();
  var SHARED = ["rev", "state", "clash", "handing", "turn"];
  var wait = 1000;
  var timer = null;

  function blank(sheet) {
    return { sheet: String(sheet), user: user, rev: 0, state: "", marks: {}, mine: {}, bad: {}, queue: [], dirty: false, handing: null, clash: null, refused: null, isFresh: true };
  }

  function isPending(record) {
    return Boolean(record && (record.dirty || record.queue.length || record.handing || record.clash || record.refused || Object.keys(record.bad).length));
  }

  /* True when nothing waits to be sent: what is left was refused and needs its judge. */
  function isRefused(record) {
    return !record.queue.length && !record.clash && Boolean(record.refused || (!record.dirty && Object.keys(record.bad).length));
  }

  function isWaiting(operation) { return operation.state === "local" || operation.state === "sent"; }
  function keyOf(operation) { return prefix + operation.sheet + ":" + operation.op_id; }

  /* Takes over what another tab wrote last: where the sheet stands, and the marks that were not typed here. */
  function merge(record, kept) {
    if (!kept || !kept.page || kept.page === page) return;
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
      } else merge(record, kept);
      record.page = page;
      record.touched = Date.now();
      return record;
    };
  }

  function turn(record) { record.turn = (record.turn || 0) + 1; }

  /* Also when the browser keeps nothing (a private window), marks are sent; the page then says that it must stay open. */
  function put(record, operations, isNote) {
    open[record.sheet] = record;
    record.touched = Date.now();
    var held = store.mirror("tablet-record:" + prefix + record.sheet, isPending(record) ? record : null);
    var changes = [["records", prefix + record.sheet, written(record)]];
    (operations || []).forEach(function (operation) {
      held = store.mirror("tablet-operation:" + keyOf(operation), isWaiting(operation) ? operation : null) && held;
      changes.push(["operations", keyOf(operation), operation]);
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
    return Promise.all([store.get("records", prefix + sheet).catch(function () { return undefined; }), operations(sheet)]).then(function (both) {
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
    return Promise.all([store.all("records", prefix).catch(function () { return []; }), operations()]).then(function (both) {
      var found = {};
      both[0].concat(store.mirrored("tablet-record:" + prefix)).forEach(function (record) { if (!((record.touched || 0) <= gone[record.sheet])) found[record.sheet] = newer(found[record.sheet], record); });
      Object.keys(found).forEach(function (sheet) { if (!open[sheet]) open[sheet] = found[sheet]; });
      gather(both[1]);
      return Object.keys(open).map(function (sheet) { return open[sheet]; });
    });
  }

  /* Whatever waits is in a queue: what another tab made and did not live to send, what its record does not know of, and
     what has no record any more. Where nothing else is unsent, its marks are what was typed last. */
  function gather(known, sheets) {
    var found = {};
    known.filter(function (one) { return one.kind !== "flag" && isWaiting(one) && !busy[one.sheet]; }).forEach(function (one) {
      if (!open[one.sheet]) {
        open[one.sheet] = Object.assign(blank(one.sheet), { door: one.door, code: one.code, contest: one.contest, rev: one.base_rev, isFresh: false });
        if (one.kind === "submit") open[one.sheet].handing = { at: one.entered_at };
      } else if (!found[one.sheet] && isPending(open[one.sheet])) return;
      found[one.sheet] = open[one.sheet].isMerged = true;
      open[one.sheet].marks = JSON.parse(one.body).marks;
    });
    (sheets || Object.keys(open)).forEach(function (sheet) { if (open[sheet] && !busy[sheet]) line(open[sheet], known); });
  }

  /* Every operation of this judge on this tablet, both copies merged by their id, in the order in which they were made. */
  function operations(sheet) {
    var where = prefix + (sheet === undefined ? "" : sheet + ":");
    return store.all("operations", where).catch(function () { return []; }).then(function (kept) {
      var known = {};
      store.mirrored("tablet-operation:" + where).concat(kept).forEach(function (operation) { known[operation.op_id] = operation; });
      return Object.keys(known).map(function (id) { return known[id]; }).sort(function (one, other) { return one.seq - other.seq; });
    });
  }

  /* The queue is what waits; returns those operations, oldest first. */
  function line(record, known) {
    var waiting = known.filter(function (one) { return one.sheet === record.sheet && one.kind !== "flag" && isWaiting(one); });
    record.queue = waiting.map(function (one) { return one.op_id; });
    return waiting;
  }

  function waitingOf(record) {
    return operations(record.sheet).then(function (known) { return line(record, known); });
  }

  /* The two places in the bar above that every page of a judge has. */
  function showConnection(state) {
    var place = document.getElementById("connection");
    if (!place) return;
    place.dataset.state = state;
    place.querySelector(".connection-text").textContent = place.dataset[state];
  }

  function count() {
    return loadAll().then(function (records) {
      var pending = records.filter(isPending);
      var place = document.getElementById("unsent");
      if (place) {
        var refused = pending.filter(isRefused).length;
        var unsent = pending.length - refused;
        place.dataset.count = pending.length;
        place.textContent = [[unsent, place.dataset.text], [refused, words.refusedSheets]].filter(function (part) { return part[0]; }).map(function (part) { return part.join(" "); }).join(" · ");
        place.hidden = pending.length === 0;
      }
      document.querySelectorAll("[data-sheet].own-sheet").forEach(function (row) { showRow(row, records.find(function (record) { return record.sheet === row.dataset.sheet; })); });
      showNext(records);
      return pending;
    });
  }

  /* The button to the next sheet passes over those that were handed in here and still wait. */
  function showNext(records) {
    document.querySelectorAll("a[data-next]").forEach(function (link) {
      var rows = Array.from(link.closest(".own-module").querySelectorAll("a.own-sheet"));
      var open = rows.filter(function (row) {
        var record = records.find(function (one) { return one.sheet === row.dataset.sheet; });
        var isDone = record && (record.handing || (record.rev > Number(row.dataset.rev) && /submitted$/.test(record.state)));
        return row.dataset.open === "yes" && !isDone;
      });
      link.hidden = !open.length;
      if (!open.length || open.some(function (row) { return row.href === link.href; })) return;
      link.href = open[0].href;
      link.querySelector("span").textContent = link.dataset.next.replace("{code}", open[0].querySelector(".own-code").textContent);
    });
  }

  /* A line of the judge's list: what this tablet knows and the list does not say yet. */
  function showRow(row, record) {
    var place = row.querySelector("[data-local]");
    row.classList.toggle("has-unsent", isPending(record));
    if (!place) return;
    var isNewer = record && record.rev > Number(row.dataset.rev) && (record.state === "submitted" || record.state === "resubmitted");
    var text = !record ? "" : record.clash ? words.conflict : record.handing ? words.handedHere : isRefused(record) ? words.refused : isPending(record) ? words.local : isNewer ? words.handedIn : "";
    place.textContent = text;
    place.hidden = !text;
  }

  /* isHandedIn: another tab of this tablet has just handed the sheet in. */
  function tell(record, answer, isHandedIn) {
    listeners.forEach(function (listen) { listen(record, answer || null, isHandedIn); });
  }

  function sendable(record) {
    var marks = {};
    Object.keys(record.marks).forEach(function (key) {
      if (!(key in record.bad)) marks[key] = record.marks[key];
    });
    return marks;
  }

  /* Makes an operation of what a record holds and writes both at once. The marks are all of the sheet, so the next
     operation stands on whatever revision the one before it makes. */
  function make(record, kind) {
    var at = kind === "submit" && record.handing ? record.handing.at : new Date().toISOString();
    return waitingOf(record).then(function () { return store.number(function (own) { return cast(record, kind, at, own); }); });
  }

  function cast(record, kind, at, own) {
    var body = { v: 2, op_id: store.newId(), base_rev: record.rev + record.queue.length, kind: kind, marks: sendable(record), device: own.name, device_id: own.id, device_seq: own.seq, entered_at: at };
    var operation = { op_id: body.op_id, sheet: record.sheet, code: record.code || "", contest: record.contest || "", user: user, door: record.door, kind: kind, seq: own.seq, base_rev: body.base_rev, entered_at: at, state: "local", body: JSON.stringify(body) };
    record.queue.push(operation.op_id);
    record.dirty = false;
    record.mine = {};
    turn(record);
    store.mirror("tablet-operation:" + keyOf(operation), operation);
    return { operation: operation, changes: [["operations", keyOf(operation), operation], ["records", prefix + record.sheet, written(record)]] };
  }

  /* What a judge reports about a sheet goes the same way, by a door of its own. */
  function report(sheet, door, reason, text) {
    return store.number(function (own) {
      var body = { v: 2, op_id: store.newId(), reason: reason, text: text, device_id: own.id, device_seq: own.seq, entered_at: new Date().toISOString() };
      var operation = { op_id: body.op_id, sheet: String(sheet.sheet), code: sheet.code, contest: sheet.contest, user: user, door: door, kind: "flag", seq: own.seq, entered_at: body.entered_at, state: "local", text: text, reason: reason, body: JSON.stringify(body) };
      store.mirror("tablet-operation:" + keyOf(operation), operation);
      return { operation: operation, changes: [["operations", keyOf(operation), operation]] };
    }).then(function (operation) {
      flushAll();
      return operation;
    });
  }

  /* What becomes of a record and of its operations after an answer. */
  function take(record, operation, waiting, answer) {
    var body = answer.body, error = body.error || {};
    turn(record);
    operation.answered_at = new Date().toISOString();
    if (answer.status === 200) {
      operation.state = "accepted";
      operation.rev = record.rev = body.rev;
      operation.head = body.head;
      record.state = body.state;
      record.queue.shift();
      if (operation.kind === "submit") record.handing = null;
      return;
    }
    // Whatever was made after it stands on it, so it shares its fate; the marks themselves stay in the record.
    waiting.forEach(function (one) {
      one.state = answer.status === 409 ? "conflict" : "refused";
      one.sentence = error.message;
      one.answered_at = operation.answered_at;
    });
    record.queue = [];
    record.dirty = true;
    record.handing = null;
    if (answer.status === 409) {
      record.clash = { rev: body.rev, sentence: error.message, marks: body.marks, at: body.at, by: body.by, device: body.device };
      return;
    }
    var sent = JSON.parse(operation.body).marks;
    var fields = answer.status === 422 && operation.kind === "draft" ? Object.keys(error.fields || {}) : [];
    // What the judge has changed since was not refused: it goes with the next operation.
    fields.forEach(function (key) {
      if (JSON.stringify(record.marks[key]) === JSON.stringify(sent[key])) record.bad[key] = { value: sent[key], sentence: error.fields[key] };
    });
    // All the other marks go again at once, without the refused ones.
    record.refused = fields.length ? null : error.message;
  }

  function canSend(record) {
    return !record.clash && !record.refused && Boolean(record.queue.length || record.dirty || record.handing);
  }

  /* Another tab may have sent meanwhile. Whoever sends alone begins with this. */
  function refresh(record) { return hear(record).then(function () { return waitingOf(record); }); }

  function hear(record) {
    return store.get("records", prefix + record.sheet).catch(function () { return undefined; }).then(function (kept) {
      if (!record.isFresh) merge(record, kept);
    });
  }

  function nextOperation(record) {
    return waitingOf(record).then(function (waiting) {
      if (waiting.length) return waiting;
      return make(record, record.handing ? "submit" : "draft").then(function (operation) { return [operation]; });
    });
  }

  /* hasOffered: this tablet has just offered again what the server may lack. */
  function step(record, hasOffered) {
    return refresh(record).then(function () {
      if (!canSend(record)) return undefined;
      return nextOperation(record).then(function (waiting) {
        var operation = waiting[0];
        operation.state = "sent";
        operation.sent_at = new Date().toISOString();
        return put(record, [operation], true).then(function () { showConnection("sending"); return door.post(operation); }).then(function (answer) {
          showConnection("online");
          if (answer.status === 412) {
            if (hasOffered) throw new Error("two servers answer in turn");
            return offerAgain(answer.body.epoch).then(function () { return step(record, true); });
          }
          record.signedOut = answer.status === 401;
          if (record.signedOut) return keep(record).then(function () { tell(record); });
          wait = 1000;
          record.trouble = null;
          take(record, operation, waiting, answer);
          return put(record, waiting, true).then(function () {
            tell(record, answer.status === 200 ? { kind: operation.kind, sent: JSON.parse(operation.body).marks, body: answer.body } : null);
            return step(record);
          });
        });
      });
    });
  }

  function flush(record) {
    if (busy[record.sheet] || !canSend(record)) return Promise.resolve();
    busy[record.sheet] = true;
    record.waiting = false;
    tell(record);
    return Promise.resolve(store.alone(function () { return step(record); })).then(function (outcome) {
      if (outcome === "busy") later();
    }, function (error) {
      // Nothing is dropped: the same operation goes again, later and later up to half a minute.
      showConnection(error.sentence ? "online" : "offline");
      record.trouble = error.sentence || null;
      record.waiting = true;
      tell(record);
      later();
    }).then(function () {
      busy[record.sheet] = false;
      return count();
    });
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(flushAll, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, 30000);
  }

  /* Reports go one by one; what is refused stays in the list with its sentence. */
  function sendReports() {
    return operations().then(function (known) {
      var reports = known.filter(function (one) { return one.kind === "flag" && isWaiting(one); });
      if (!reports.length) return undefined;
      return store.alone(function () {
        return reports.reduce(function (before, one) {
          return before.then(function () { return door.post(one); }).then(function (answer) {
            return answer.status === 401 ? undefined : saveOperations([heard(one, answer)]).then(function () { tellOf(one); });
          });
        }, Promise.resolve());
      }).catch(later);
    });
  }

  /* For pages that show operations: one has changed that is none of a record's queue. */
  function tellOf(operation) { tell(open[operation.sheet] || blank(operation.sheet)); }

  function heard(report, answer) {
    report.state = answer.status === 200 ? "accepted" : "refused";
    report.sentence = answer.status === 200 ? "" : answer.body.error.message;
    report.answered_at = new Date().toISOString();
    return report;
  }

  function saveOperations(changed) {
    changed.forEach(function (one) { store.mirror("tablet-operation:" + keyOf(one), isWaiting(one) ? one : null); });
    return store.write(changed.map(function (one) { return ["operations", keyOf(one), one]; }), true).catch(function () { return undefined; });
  }

  function flushAll() {
    return loadAll().then(function (records) {
      return records.filter(isPending).reduce(function (before, record) { return before.then(function () { return flush(record); }); }, Promise.resolve());
    }).then(sendReports);
  }

  /* The server may have been set back to an older copy: everything that was accepted here is offered again, as it was sent
     then, each sheet in the order of its revisions; then this start of the server counts as met. What it still knows it
     answers as before; what stands in another's way is shown as a conflict. Only whoever sends alone may do this. */
  function offerAgain(epoch, sheet) {
    showConnection("sending");
    return operations(sheet).then(function (known) {
      var kept = known.filter(function (one) { return one.state === "accepted"; });
      var marks = kept.filter(function (one) { return one.kind !== "flag"; }).sort(function (one, other) { return one.rev - other.rev; });
      var reports = kept.filter(function (one) { return one.kind === "flag"; });
      return marks.concat(reports).reduce(function (before, operation) {
        return before.then(function () { return operation.state === "accepted" ? offer(operation, epoch, marks) : undefined; });
      }, Promise.resolve());
    }).then(function () { return door.meet(epoch); }).then(function () { showConnection("online"); });
  }

  function offer(operation, epoch, all) {
    return door.post(operation, epoch).then(function (answer) {
      if (answer.status === 401 || answer.status === 412) throw new Error("not met");
      if (answer.status === 200) return answer.body.replayed ? undefined : mended(operation, answer.body);
      if (operation.kind === "flag") return saveOperations([heard(operation, answer)]);
      // What stands on it cannot be there either.
      return lost(all.filter(function (one) { return one.sheet === operation.sheet && one.rev >= operation.rev; }), answer);
    });
  }

  function mended(operation, body) {
    operation.offered_at = new Date().toISOString();
    // Its head stays the one it was given then: the tablet is a witness of the chain as it was.
    if (operation.kind !== "flag") operation.rev = body.rev;
    return saveOperations([operation]).then(function () { tellOf(operation); });
  }

  /* gone: an operation that was accepted once and is not any more, and those of its sheet that were accepted after it.
     What waits on the sheet stands on them and shares their fate. */
  function lost(gone, answer) {
    var first = gone[0], last = gone[gone.length - 1];
    return load(first.sheet).then(function (known) {
      var record = known || Object.assign(blank(first.sheet), { door: first.door, code: first.code, contest: first.contest });
      return refresh(record).then(function (waiting) {
        var all = gone.concat(waiting);
        if (!Object.keys(record.marks).length) record.marks = JSON.parse((waiting[waiting.length - 1] || last).body).marks;
        take(record, first, all, answer);
        return put(record, all).then(function () { tell(record); });
      });
    });
  }

  /* Hands in what the record holds; the operation goes by itself, now or when the network is back. */
  function handIn(record) {
    record.refused = null;
    return refresh(record).then(function () {
      record.handing = { at: new Date().toISOString() };
      return make(record, "submit");
    }).then(function (operation) { return put(record, [operation]); }).then(function () { return flush(record); });
  }

  /* As long as no attempt was made to send it, the judge may take the sheet back. */
  function takeBack(record) {
    return operations(record.sheet).then(function (known) {
      var last = known.find(function (one) { return one.kind === "submit" && one.op_id === record.queue[record.queue.length - 1]; });
      if (!last || last.state !== "local") return false;
      last.state = "refused";
      last.sentence = words.takenBack;
      record.queue.pop();
      record.handing = null;
      record.dirty = true;
      turn(record);
      return put(record, [last]).then(function () { return true; });
    });
  }

  /* A person says that this sheet's copy may go: its operations stay in the list as what they became. */
  function drop(sheet) {
    return load(sheet).then(function () {
      delete open[sheet];
      gone[sheet] = Date.now();
      store.mirror("tablet-record:" + prefix + sheet, null);
      return operations(sheet).then(function (known) {
        var waiting = known.filter(function (one) { return one.kind !== "flag" && isWaiting(one); });
        waiting.forEach(function (one) { one.state = "refused"; one.sentence = words.dropped; });
        return saveOperations(waiting);
      });
    }).then(function () { return store.write([["records", prefix + sheet, null]]).catch(function () { return undefined; }); }).then(count);
  }

  /* Results are final: what was accepted has done its work. What was not stays for its judge. */
  function forget(contests) {
    var over = contests.map(String);
    return Promise.all([operations(), loadAll()]).then(function (found) {
      var changes = found[0].filter(function (one) { return over.indexOf(String(one.contest)) >= 0 && one.state === "accepted"; }).map(function (one) { return ["operations", keyOf(one), null]; });
      found[1].filter(function (record) { return over.indexOf(String(record.contest)) >= 0 && !isPending(record); }).forEach(function (record) {
        delete open[record.sheet];
        changes.push(["records", prefix + record.sheet, null]);
      });
      return changes.length ? store.write(changes) : undefined;
    });
  }

  /* Another tab of this tablet has written a sheet that this page has in its hands. */
  window.addEventListener("storage", function (event) {
    if (event.key !== "tablet-news" || !event.newValue) return;
    var record = Object.keys(open).map(function (sheet) { return open[sheet]; }).find(function (one) { return prefix + one.sheet === JSON.parse(event.newValue).key; });
    if (!record) return;
    var before = record.state;
    hear(record).then(function () { tell(record, null, before !== record.state && /submitted$/.test(record.state)); }).then(count);
  });
  window.addEventListener("online", function () { wait = 1000; flushAll(); });
  window.addEventListener("offline", function () { showConnection("offline"); });
  document.addEventListener("visibilitychange", function () { if (!document.hidden) flushAll(); });
  window.addEventListener("pageshow", function (event) { if (event.persisted) window.location.reload(); });

  window.sheetOutbox = {
    user: user, words: words, blank: blank, keep: keep, put: put, drop: drop, flush: flush, flushAll: flushAll, isPending: isPending, isRefused: isRefused,
    load: load, hold: hold, operations: operations, handIn: handIn, takeBack: takeBack, report: report, make: make, offerAgain: offerAgain, forget: forget, saveOperations: saveOperations,
    count: count, records: loadAll, onChange: function (listen) { listeners.push(listen); }
  };
  // The pages' own scripts come first: each takes its sheet in hand before anything is sent.
  document.addEventListener("DOMContentLoaded", function () { window.sheetOutbox.ready.then(count).then(flushAll); });
  window.sheetOutbox.ready = Promise.resolve();
})();

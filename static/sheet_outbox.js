/* Makes operations of what a judge marks, and sends them until the server has answered; what a tablet keeps is in
   sheet_records.js and sheet_operations.js. An operation, once made, is never changed, so that a repeat is recognised; it is always
   in one state: local, sent, accepted, refused or conflict. None is thrown away before the results are final. */
(function () {
  "use strict";
  var words = document.getElementById("sheet-words").dataset;
  var store = window.tabletStore, door = window.tabletDoor;
  var operations = window.sheetOperations, records = window.sheetRecords, answers = window.sheetAnswers, counts = window.sheetCounts;
  var writing = {}; // Sheets whose handing in is not yet on the disk.
  var asked = {}; // Sheets for which sending was asked once more while it went on.
  var wait = 1000;
  var timer = null;

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
    return operations.waitingOf(record).then(function () { return store.number(function (own) { return cast(record, kind, at, own); }); });
  }

  function cast(record, kind, at, own) {
    var body = { v: 2, op_id: store.newId(), base_rev: record.rev + record.queue.length, kind: kind, marks: sendable(record), device: own.name, device_id: own.id, device_seq: own.seq, entered_at: at };
    if (record.rules) body.rules = record.rules;
    if (own.last) body.prev = own.last;
    var operation = { op_id: body.op_id, sheet: record.sheet, code: record.code || "", contest: record.contest || "", user: operations.user, installation: operations.installation, door: record.door, kind: kind, seq: own.seq, base_rev: body.base_rev, entered_at: at, state: "local", body: JSON.stringify(body) };
    record.queue.push(operation.op_id);
    var mine = record.mine || {};
    record.dirty = false;
    record.mine = {};
    records.turn(record);
    store.mirror("tablet-operation:" + operations.keyOf(operation), operation);
    return {
      operation: operation,
      changes: [["operations", operations.keyOf(operation), operation], ["records", operations.prefix + record.sheet, records.written(record)]],
      // The first store still holds an older copy, which must not come over what was typed here.
      unwritten: function () { record.mine = Object.assign(mine, record.mine); }
    };
  }

  /* What a judge reports about a sheet goes the same way, by a door of its own. */
  function report(sheet, door, reason, text) {
    return store.number(function (own) {
      var body = { v: 2, op_id: store.newId(), reason: reason, text: text, device_id: own.id, device_seq: own.seq, entered_at: new Date().toISOString() };
      if (own.last) body.prev = own.last;
      var operation = { op_id: body.op_id, sheet: String(sheet.sheet), code: sheet.code, contest: sheet.contest, user: operations.user, installation: operations.installation, door: door, kind: "flag", seq: own.seq, entered_at: body.entered_at, state: "local", text: text, reason: reason, body: JSON.stringify(body) };
      store.mirror("tablet-operation:" + operations.keyOf(operation), operation);
      return { operation: operation, changes: [["operations", operations.keyOf(operation), operation]] };
    }).then(function (operation) {
      flushAll();
      return operation;
    });
  }

  function canSend(record) {
    return !record.clash && !record.refused && Boolean(record.queue.length || record.dirty || record.handing);
  }

  function nextOperation(record) {
    return operations.waitingOf(record).then(function (waiting) {
      if (waiting.length) return waiting;
      return make(record, record.handing ? "submit" : "draft").then(function (operation) { return [operation]; });
    });
  }

  /* No answer yet: the judge hears within 5 s where the marks are; the same attempt goes on, and a later one if need be. */
  function tellBusy(record) {
    record.trouble = words.busy;
    record.waiting = true;
    answers.tell(record);
  }

  /* hasOffered: this tablet has just offered again what the server may lack. */
  function step(record, hasOffered) {
    return records.refresh(record).then(function () {
      if (writing[record.sheet] || !canSend(record)) return undefined;
      return nextOperation(record).then(function (waiting) {
        var operation = waiting[0];
        operation.state = "sent";
        operation.sent_at = new Date().toISOString();
        return records.put(record, [operation], true).then(function () { counts.showConnection("sending"); return door.post(operation, undefined, function () { tellBusy(record); }); }).then(function (answer) {
          counts.showConnection("online");
          record.waiting = false;
          if (answer.status === 412) {
            if (hasOffered) throw new Error("two servers answer in turn");
            return window.sheetOffers.offerAgain(answer.body.epoch).then(function () { return step(record, true); });
          }
          record.signedOut = answer.status === 401 && (answer.body.error.code === "locked" ? words.locked : words.signedOut);
          if (record.signedOut) return records.keep(record).then(function () { answers.tell(record); });
          wait = 1000;
          record.trouble = null;
          answers.take(record, operation, waiting, answer);
          return records.put(record, waiting, true).then(function () {
            answers.tell(record, answer.status === 200 ? { kind: operation.kind, sent: JSON.parse(operation.body).marks, body: answer.body } : null);
            return step(record);
          });
        });
      });
    });
  }

  function flush(record) {
    if (records.sending[record.sheet]) asked[record.sheet] = true;
    if (records.sending[record.sheet] || writing[record.sheet] || !canSend(record)) return Promise.resolve();
    records.sending[record.sheet] = true;
    record.waiting = false;
    answers.tell(record);
    return Promise.resolve(store.alone(function () { return step(record); })).then(function (outcome) {
      if (outcome === "busy") later();
    }, function (error) {
      // Nothing is dropped: the same operation goes again, later and later up to half a minute.
      counts.showConnection(error.sentence ? "online" : "offline");
      record.trouble = error.sentence || null;
      record.waiting = true;
      answers.tell(record);
      later();
    }).then(function () {
      var isAsked = asked[record.sheet];
      records.sending[record.sheet] = asked[record.sheet] = false;
      return Promise.resolve(isAsked ? flush(record) : undefined).then(counts.show);
    });
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(flushAll, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, 30000);
  }

  /* Reports go one by one; what is refused stays in the list with its sentence. */
  function sendReports() {
    return operations.all().then(function (known) {
      var reports = known.filter(function (one) { return one.kind === "flag" && operations.isWaiting(one); });
      if (!reports.length) return undefined;
      return store.alone(function () {
        return reports.reduce(function (before, one) {
          return before.then(function () { return door.post(one); }).then(function (answer) {
            return answer.status === 401 ? undefined : operations.save([answers.heard(one, answer)]).then(function () { answers.tellOf(one); });
          });
        }, Promise.resolve());
      }).catch(later);
    });
  }

  function flushAll() {
    return records.all().then(function (known) {
      return known.filter(records.isPending).reduce(function (before, record) { return before.then(function () { return flush(record); }); }, Promise.resolve());
    }).then(sendReports);
  }

  /* Hands in what the record holds; the operation goes by itself, now or when the network is back. */
  function handIn(record) {
    record.refused = null;
    writing[record.sheet] = true;
    return records.refresh(record).then(function () {
      record.handing = { at: new Date().toISOString() };
      return make(record, "submit");
    }).then(function (operation) { return records.put(record, [operation]); }).then(function () {
      delete writing[record.sheet];
      return flush(record);
    }, function (error) {
      delete writing[record.sheet];
      throw error;
    });
  }

  /* Handed in, and on the disk: whatever else is heard of the record meanwhile, the page does not say it before. */
  function isHandedIn(record) { return Boolean(record.handing && !writing[record.sheet]); }

  /* As long as no attempt was made to send it, the judge may take the sheet back. */
  function takeBack(record) {
    return operations.all(record.sheet).then(function (known) {
      var last = known.find(function (one) { return one.kind === "submit" && one.op_id === record.queue[record.queue.length - 1]; });
      if (!last || last.state !== "local") return false;
      last.state = "refused";
      last.sentence = words.takenBack;
      record.queue.pop();
      record.handing = null;
      record.dirty = true;
      records.turn(record);
      return records.put(record, [last]).then(function () { return true; });
    });
  }

  /* A person says that this sheet's copy may go: its operations stay in the list as what they became. */
  function drop(sheet) {
    return records.load(sheet).then(function () {
      records.letGo(sheet);
      return operations.all(sheet).then(function (known) {
        var waiting = known.filter(function (one) { return one.kind !== "flag" && operations.isWaiting(one); });
        waiting.forEach(function (one) { one.state = "refused"; one.sentence = words.dropped; });
        return operations.save(waiting);
      });
    }).then(function () { return store.write([["records", operations.prefix + sheet, null]]).catch(function () { return undefined; }); }).then(counts.show);
  }

  /* Another tab of this tablet has written a sheet that this page has in its hands. */
  window.addEventListener("storage", function (event) {
    if (event.key !== "tablet-news" || !event.newValue) return;
    var record = Object.keys(records.open).map(function (sheet) { return records.open[sheet]; }).find(function (one) { return operations.prefix + one.sheet === JSON.parse(event.newValue).key; });
    if (!record) return;
    var before = record.state;
    records.hear(record).then(function () { answers.tell(record, null, before !== record.state && /submitted$/.test(record.state)); }).then(counts.show);
  });
  window.addEventListener("online", function () { wait = 1000; flushAll(); });
  window.addEventListener("offline", function () { counts.showConnection("offline"); });
  document.addEventListener("visibilitychange", function () { if (!document.hidden) flushAll(); });
  window.addEventListener("pageshow", function (event) { if (event.persisted) window.location.reload(); });

  window.sheetOutbox = {
    user: operations.user, words: words, blank: records.blank, keep: records.keep, drop: drop, flush: flush, flushAll: flushAll,
    isPending: records.isPending, isRefused: records.isRefused, load: records.load, hold: records.hold, records: records.all, forget: records.forget,
    operations: operations.all, saveOperations: operations.save, handIn: handIn, isHandedIn: isHandedIn, takeBack: takeBack, report: report, make: make,
    offerAgain: window.sheetOffers.offerAgain, count: counts.show, onChange: answers.onChange
  };
  // The pages' own scripts come first: each takes its sheet in hand before anything is sent.
  document.addEventListener("DOMContentLoaded", function () { window.sheetOutbox.ready.then(counts.show).then(flushAll); });
  window.sheetOutbox.ready = Promise.resolve();
})();

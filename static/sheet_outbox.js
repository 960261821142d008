/* Keeps each sheet's marks on the tablet before anything is sent, and sends them until the server has answered.
   One record per sheet: `marks` as typed, `bad` marks that must not be sent, `rev` the revision they stand on,
   `sending` an operation on its way (never changed, so that a repeat is recognised), `dirty` when more is to be sent.
   A record is thrown away only when the server holds everything in it, or when a person says so. */
(function () {
  "use strict";
  var user = document.currentScript.dataset.user;
  var words = document.getElementById("sheet-words").dataset;
  var store = window.idbKeyval.createStore("contest-sheets", "records");
  var prefix = user + ":";
  var listeners = [];
  var busy = {};
  var open = {}; // Records that this page has in its hands; the stored copy of one is only a copy.
  var wait = 1000;
  var timer = null;
  var REFUSALS = [400, 403, 404, 413, 415, 422, 423];

  function newId() {
    var bytes = window.crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    var hex = Array.from(bytes, function (byte) { return (byte + 256).toString(16).slice(1); }).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  function device() {
    try {
      var known = localStorage.getItem("device");
      if (!known) localStorage.setItem("device", known = newId().slice(0, 4).toUpperCase());
      return known;
    } catch (refused) {
      return "";
    }
  }

  function isPending(record) {
    return Boolean(record && (record.dirty || record.sending || record.clash || record.refused || Object.keys(record.bad).length));
  }

  /* True when nothing waits to be sent: what is left was refused and needs its judge. */
  function isRefused(record) {
    return !record.sending && !record.clash && Boolean(record.refused || (!record.dirty && Object.keys(record.bad).length));
  }

  /* Also when the browser keeps nothing (a private window), marks are sent; the page then says that it must stay open. */
  function keep(record) {
    open[record.sheet] = record;
    var done = isPending(record) ? window.idbKeyval.set(prefix + record.sheet, record, store) : window.idbKeyval.del(prefix + record.sheet, store);
    return done.then(function () { record.unkept = false; }, function () { record.unkept = true; });
  }

  function load(sheet) {
    if (open[sheet]) return Promise.resolve(open[sheet]);
    return window.idbKeyval.get(prefix + sheet, store).then(function (record) {
      if (record && !open[sheet]) open[sheet] = record;
      return open[sheet];
    }, function () { return undefined; });
  }

  function drop(sheet) {
    delete open[sheet];
    return window.idbKeyval.del(prefix + sheet, store).then(count);
  }

  function loadAll() {
    return window.idbKeyval.entries(store).then(function (entries) {
      entries.forEach(function (entry) {
        if (String(entry[0]).indexOf(prefix) === 0 && !open[entry[1].sheet]) open[entry[1].sheet] = entry[1];
      });
    }, function () { return undefined; }).then(function () {
      return Object.keys(open).map(function (sheet) { return open[sheet]; }).filter(isPending);
    });
  }

  /* The two places in the bar above that every page of a judge has. */
  function showConnection(state) {
    var place = document.getElementById("connection");
    if (!place) return;
    place.dataset.state = state;
    place.querySelector(".connection-text").textContent = place.dataset[state];
  }

  function count() {
    return loadAll().then(function (pending) {
      var place = document.getElementById("unsent");
      if (place) {
        var refused = pending.filter(isRefused).length;
        var unsent = pending.length - refused;
        place.dataset.count = pending.length;
        place.textContent = [[unsent, place.dataset.text], [refused, words.refusedSheets]].filter(function (part) { return part[0]; }).map(function (part) { return part.join(" "); }).join(" · ");
        place.hidden = pending.length === 0;
      }
      document.querySelectorAll("[data-sheet].own-sheet").forEach(function (row) {
        row.classList.toggle("has-unsent", pending.some(function (record) { return String(record.sheet) === row.dataset.sheet; }));
      });
      return pending;
    });
  }

  function tell(record, answer) {
    listeners.forEach(function (listen) { listen(record, answer || null); });
  }

  function sendable(record) {
    var marks = {};
    Object.keys(record.marks).forEach(function (key) {
      if (!(key in record.bad)) marks[key] = record.marks[key];
    });
    return marks;
  }

  function nextOperation(record, kind) {
    return { op_id: newId(), base_rev: record.rev, kind: kind, marks: sendable(record), device: device(), entered_at: new Date().toISOString() };
  }

  function post(record) {
    var stop = new AbortController();
    var limit = setTimeout(function () { stop.abort(); }, 15000);
    return fetch(record.door, {
      method: "POST", credentials: "same-origin", signal: stop.signal,
      headers: { "Content-Type": "application/json", "X-Contest": "1" },
      body: JSON.stringify(record.sending)
    }).then(function (response) {
      // A captive portal answers too: only our own server says X-App.
      if (response.headers.get("X-App") !== "contest") throw new Error("not our server");
      return response.json().then(function (body) { return { status: response.status, body: body }; });
    }).finally(function () { clearTimeout(limit); });
  }

  /* What becomes of the record after an answer; true when there is more to send at once. */
  function take(record, status, body) {
    var kind = record.sending.kind;
    var error = body.error || {};
    if (status === 200) {
      record.rev = body.rev;
      record.state = body.state;
      record.sending = null;
      record.refused = null;
      record.clash = null;
      return record.dirty;
    }
    if (status === 409) {
      record.clash = { rev: body.rev, sentence: error.message };
      record.sending = null;
      record.dirty = true;
      return false;
    }
    record.dirty = true;
    var fields = status === 422 && kind === "draft" ? Object.keys(error.fields || {}) : [];
    fields.forEach(function (key) { record.bad[key] = { value: record.sending.marks[key], sentence: error.fields[key] }; });
    record.sending = null;
    record.refused = fields.length ? null : error.message;
    return fields.length > 0; // All the other marks go again at once, without the refused ones.
  }

  function canSend(record) {
    return record.sending || (record.dirty && !record.clash && !record.refused);
  }

  function flush(record) {
    if (busy[record.sheet] || !canSend(record)) return Promise.resolve();
    busy[record.sheet] = true;
    if (!record.sending) {
      record.sending = nextOperation(record, "draft");
      record.dirty = false;
    }
    record.waiting = false;
    tell(record);
    var again = false;
    return keep(record).then(function () { showConnection("sending"); return post(record); }).then(function (answer) {
      if (answer.status === 401) {
        record.signedOut = true;
        showConnection("online");
        return keep(record).then(function () { tell(record); });
      }
      if (answer.status !== 200 && answer.status !== 409 && REFUSALS.indexOf(answer.status) < 0) throw new Error("try again");
      record.signedOut = false;
      wait = 1000;
      var kind = record.sending.kind, sent = record.sending.marks;
      again = take(record, answer.status, answer.body);
      showConnection("online");
      return keep(record).then(function () { tell(record, answer.status === 200 ? { kind: kind, sent: sent, body: answer.body } : null); });
    }).catch(function () {
      // Nothing is dropped: the same operation goes again, later and later up to half a minute.
      showConnection("offline");
      record.waiting = true;
      tell(record);
      clearTimeout(timer);
      timer = setTimeout(flushAll, wait * (0.75 + Math.random() / 2));
      wait = Math.min(wait * 2, 30000);
    }).then(function () {
      busy[record.sheet] = false;
      return count();
    }).then(function () { return again ? flush(record) : undefined; });
  }

  function flushAll() {
    return loadAll().then(function (pending) {
      return pending.reduce(function (before, record) { return before.then(function () { return flush(record); }); }, Promise.resolve());
    });
  }

  window.addEventListener("online", function () { wait = 1000; flushAll(); });
  window.addEventListener("offline", function () { showConnection("offline"); });
  document.addEventListener("visibilitychange", function () { if (!document.hidden) flushAll(); });
  window.addEventListener("pageshow", function (event) { if (event.persisted) window.location.reload(); });

  /* A closed sheet whose marks on this tablet were never taken: say so, and let a person decide. */
  function showLeftOver() {
    var place = document.getElementById("closed-sheet");
    if (!place) return;
    listeners.push(function (record, answer) {
      if (String(record.sheet) !== place.dataset.sheet) return;
      if (answer && !isPending(record)) return;
      if (!record.refused && !record.clash) return;
      var notice = document.querySelector("template[data-notice='left-over']").content.cloneNode(true);
      notice.querySelector("[data-sentence]").textContent = record.refused || record.clash.sentence;
      notice.querySelector("[data-drop]").addEventListener("click", function () {
        drop(record.sheet).then(function () { document.getElementById("sheet-notice").textContent = words.dropped; });
      });
      document.getElementById("sheet-notice").replaceChildren(notice);
    });
    load(place.dataset.sheet).then(function (record) {
      if (isPending(record)) { record.clash = null; record.refused = null; flush(record); }
    });
  }

  document.querySelectorAll("input[name=device]").forEach(function (field) { field.value = device(); });
  /* The choice after a clash is made on the server's page. This tablet's copy goes only when the page that follows
     names the operation, so a choice that never arrived loses nothing. */
  document.querySelectorAll("form[data-settle]").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      load(form.dataset.settle).then(function (record) {
        if (!record) return undefined;
        record.settling = form.elements.op_id.value;
        return keep(record);
      }).then(function () { form.submit(); });
    });
  });

  function dropSettled() {
    var form = document.getElementById("sheet-form");
    var settled = new URLSearchParams(window.location.search).get("settled");
    if (!form || !settled) return Promise.resolve();
    window.history.replaceState(null, "", window.location.pathname);
    return load(form.dataset.sheet).then(function (record) {
      return record && record.settling === settled ? drop(form.dataset.sheet) : undefined;
    });
  }

  window.sheetOutbox = {
    words: words, load: function (sheet) { return ready.then(function () { return load(sheet); }); }, keep: keep, drop: drop, flush: flush, flushAll: flushAll, isPending: isPending,
    nextOperation: nextOperation, count: count, onChange: function (listen) { listeners.push(listen); }
  };
  var ready = dropSettled();
  ready.then(showLeftOver).then(count).then(flushAll);
})();

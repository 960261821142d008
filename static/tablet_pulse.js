/* Every 20 seconds the tablet says how it is, and hears where the server stands: which start of the server answers, which
   revision each sheet has there, whether the clock is right, whether the sheet is open elsewhere, what the chief answered. */
(function () {
  "use strict";
  var EVERY = 20000, VERSION = "2", LOW_BATTERY = 15, MB = 1024 * 1024, LEAST_FREE = 50 * MB;
  var outbox = window.sheetOutbox, words = outbox.words, store = window.tabletStore, door = window.tabletDoor, pages = window.tabletPages;
  var battery = null;
  var comparing = Promise.resolve(); // One after another, each with what it was told itself.

  if (navigator.getBattery) navigator.getBattery().then(function (known) { battery = known; }, function () { battery = null; });

  function openSheet() {
    var form = document.getElementById("sheet-form");
    return form ? Number(form.dataset.sheet) : null;
  }

  /* The end of each contest's chain as the server gave it with the latest answer: shown again, it proves that nothing before
     it was changed since. */
  function heads(known) {
    var highest = {};
    known.forEach(function (one) {
      var head = one.head;
      if (head && !(highest[head.contest] && highest[head.contest].seq > head.seq)) highest[head.contest] = head;
    });
    return Object.keys(highest).map(function (contest) { return { contest: highest[contest].contest, seq: highest[contest].seq, hash: highest[contest].hash }; });
  }

  function describe() {
    // The numbers are read last: one that is given meanwhile is then in them, though not in `made`.
    return Promise.all([store.device(), outbox.records(), outbox.operations()]).then(function (found) {
      return window.tabletNumbers.tell().then(function (numbers) { return found.concat(numbers); });
    }).then(function (found) {
      var own = found[0], pending = found[1].filter(outbox.isPending);
      var refused = pending.filter(outbox.isRefused).length;
      var clashing = pending.filter(function (record) { return record.clash; }).length;
      return {
        v: 2, device_id: own.id, name: own.name, made: own.seq, version: VERSION, now: new Date().toISOString(),
        unsent: pending.length - refused - clashing, refused: refused, clashing: clashing,
        battery: battery ? Math.round(battery.level * 100) : null, is_charging: battery ? battery.charging : null,
        keeps_pages: pages.isReady, is_lasting: pages.isLasting, sheet: openSheet(), heads: heads(found[2]),
        numbers: found[3]
      };
    });
  }

  function show(name, text) {
    var place = document.querySelector("[data-told='" + name + "']");
    if (!place) return;
    place.hidden = !text;
    place.textContent = text || "";
  }

  function showAnswers(answers) {
    var sheet = openSheet();
    show("answer", answers.filter(function (one) { return one.sheet === sheet; }).map(function (one) { return words.chiefSays + " " + one.answer; })[0]);
    return outbox.operations().then(function (known) {
      var changed = known.filter(function (one) {
        var told = answers.find(function (answer) { return answer.op_id === one.op_id; });
        if (!told || one.answer === told.answer) return false;
        one.answer = told.answer;
        return true;
      });
      return changed.length ? outbox.saveOperations(changed) : undefined;
    });
  }

  /* Another start of the server than was met may be an older copy: everything is offered again. A sheet that is behind on the
     server was set back for certain, also while it went on running. */
  function compare(told) {
    comparing = comparing.catch(function () { return undefined; }).then(function () { return compareNow(told); });
    return comparing;
  }

  function compareNow(told) {
    return Promise.all([door.epoch(), outbox.operations()]).then(function (found) {
      var isOther = found[0] !== told.epoch;
      var highest = {};
      found[1].forEach(function (one) { if (one.state === "accepted" && one.rev) highest[one.sheet] = Math.max(highest[one.sheet] || 0, one.rev); });
      var behind = Object.keys(highest).filter(function (sheet) { return sheet in told.revs && told.revs[sheet] < highest[sheet]; });
      if (!isOther && !behind.length) return undefined;
      return Promise.resolve(store.alone(function () {
        if (isOther) return outbox.offerAgain(told.epoch);
        return behind.reduce(function (before, sheet) { return before.then(function () { return outbox.offerAgain(told.epoch, sheet); }); }, Promise.resolve());
      })).then(function () { return outbox.count(); }).then(outbox.flushAll);
    });
  }

  /* Told also without a network: then nobody else can. */
  function warn(told) {
    var isLow = told.battery !== null && told.battery <= LOW_BATTERY && !told.is_charging;
    show("battery", isLow && told.unsent + told.refused + told.clashing ? words.lowBattery : "");
    if (!navigator.storage || !navigator.storage.estimate) return undefined;
    return navigator.storage.estimate().then(function (known) {
      var free = known.quota - known.usage;
      show("store", free <= LEAST_FREE ? words.nearlyFull.replace("{free}", Math.max(0, Math.floor(free / MB))) : "");
    }, function () { return undefined; }); // A browser that does not tell.
  }

  /* Nobody has touched the tablet for so long that the PIN is asked for again: what was typed is on the disk by now. */
  function askAgain(answer) {
    if (answer.error.code === "locked") window.location.assign("/sign-in?next=" + encodeURIComponent(window.location.pathname));
  }

  function beat() {
    return describe().then(function (told) {
      warn(told);
      return fetch("/api/v1/tablets", { method: "POST", credentials: "same-origin", headers: door.headers(), body: JSON.stringify(told) });
    }).then(function (response) {
      if (response.headers.get("X-App") !== "contest") return undefined;
      if (response.status === 401) return response.json().then(askAgain);
      if (!response.ok) return undefined;
      if (window.idle) window.idle.taken();
      return response.json().then(function (told) {
        show("clock", told.clock);
        show("elsewhere", told.elsewhere.join(" "));
        document.documentElement.dataset.offset = told.offset_s;
        return showAnswers(told.answers).then(function () { return compare(told); }).then(function () { return outbox.forget(told.over); });
      });
    }).catch(function () { return undefined; }); // No network: the marks' own sending says so.
  }

  window.tabletPulse = { beat: beat };
  // The first one a moment later, so that it can say whether the pages open without a network.
  document.addEventListener("DOMContentLoaded", function () {
    Promise.race([pages.ready, new Promise(function (resolve) { setTimeout(resolve, 3000); })]).then(function () { return outbox.ready; }).then(beat);
  });
  window.setInterval(function () { if (!document.hidden) beat(); }, EVERY);
  document.addEventListener("visibilitychange", function () { if (!document.hidden) beat(); });
})();

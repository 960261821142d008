/* Hands in a sheet through the same outbox as drafts: an answer that gets lost on the way does no harm. What is handed in
   is what this page shows; when the tablet holds anything newer than that, the page says so and hands in nothing. */
(function () {
  "use strict";
  var state = document.getElementById("sheet-state");
  var form = document.getElementById("submit-form"); // None while a mark is missing.
  var outbox = window.sheetOutbox, words = outbox.words;
  var sheet = state.dataset.sheet, rev = Number(state.dataset.rev), shown = JSON.parse(state.dataset.marks);
  var record = null;
  var isHandingIn = false; // This page has made the operation that hands the sheet in.

  /* Marks as numbers, however they were typed: the server may have stored "9.50" as "9.5". */
  function plain(mark) {
    if (typeof mark === "string" && /^-?\d+(\.\d+)?$/.test(mark)) return Number(mark);
    if (Array.isArray(mark)) return mark.map(plain);
    if (mark === null || typeof mark !== "object") return mark;
    return Object.keys(mark).sort().map(function (key) { return [key, plain(mark[key])]; });
  }

  function isSame(marks) { return JSON.stringify(plain(marks)) === JSON.stringify(plain(shown)); }

  /* True when the tablet holds what this page does not show. */
  function isOld(kept) {
    return Boolean(kept) && (outbox.isPending(kept) || kept.rev > rev || (kept.rev === rev && !isSame(kept.marks)));
  }

  function say(text, hasWay) {
    var notice = document.createElement("div");
    notice.className = "notice notice-warn";
    notice.setAttribute("role", "alert");
    var sentence = document.createElement("p");
    sentence.textContent = text;
    notice.append(sentence);
    if (hasWay) notice.append(wayBack());
    document.getElementById("sheet-notice").replaceChildren(notice);
  }

  /* The sheet itself shows what the tablet holds; it can be checked and handed in there without a network too. */
  function wayBack() {
    var link = document.createElement("a");
    link.className = "button large";
    link.href = state.dataset.back;
    link.textContent = words.toSheet;
    return link;
  }

  function showState(name) {
    state.dataset.state = name;
    state.querySelector("[data-state-text]").textContent = words[name];
  }

  function rest(isResting) { if (form) form.querySelector("button").disabled = isResting; }

  function show() {
    rest(isOld(record));
    if (!isOld(record)) return void showState("stored");
    if (record.clash || record.refused || Object.keys(record.bad).length) {
      showState(record.clash ? "conflict" : "refused");
      say(record.clash ? record.clash.sentence : record.refused || words.newer, true);
    } else if (record.signedOut) {
      showState("signIn");
      say(record.signedOut);
    } else if (record.handing && !record.waiting) showState("sending");
    else {
      showState(outbox.isPending(record) ? "local" : "stored");
      say(record.trouble || (record.handing ? words.submitWaits : words.newer), !record.handing);
    }
  }

  /* Only the act of handing in was refused, and the server has every mark: nothing is unsent. */
  function settle() {
    var sentence = record.refused, isOutdated = record.outdated;
    record.refused = null;
    record.outdated = false;
    record.dirty = false;
    return outbox.keep(record).then(function () {
      show();
      say(sentence, isOutdated);
    }).then(outbox.count);
  }

  outbox.onChange(function (changed, answer, isHandedIn) {
    if (changed.sheet !== sheet) return undefined;
    record = changed;
    if (isHandedIn || (answer && answer.kind === "submit")) return void window.location.assign(state.dataset.back);
    // What was newer has arrived: the server's summary of it is one page away.
    if (answer && !outbox.isPending(record)) return void window.location.reload();
    var isOnlyTheAct = isHandingIn && record.refused && !record.clash && !record.queue.length && !Object.keys(record.bad).length && isSame(record.marks);
    if (isHandingIn && (record.refused || record.clash)) isHandingIn = false;
    return isOnlyTheAct ? settle() : show();
  });

  function handIn(kept) {
    // Fresh: the page's marks are the server's, and stand over what is kept unless another tab types at this moment.
    record = Object.assign(kept || outbox.blank(sheet), { door: form.dataset.door, code: form.dataset.code, contest: form.dataset.contest, rev: rev, rules: form.dataset.rules, marks: JSON.parse(state.dataset.marks), mine: {}, isFresh: true });
    isHandingIn = true;
    return outbox.handIn(record);
  }

  if (form) {
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      rest(true);
      outbox.hold(sheet).then(function (kept) {
        if (!isOld(kept)) return handIn(kept);
        record = kept;
        show();
        return outbox.flush(kept);
      });
    });
  }

  outbox.ready = outbox.ready.then(function () { return outbox.hold(sheet); }).then(function (kept) {
    record = kept || null;
    if (!isOld(record)) return undefined;
    record.refused = null; // Tried once more when a page of the sheet is opened.
    show();
    return outbox.flush(record);
  });
})();

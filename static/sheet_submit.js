/* Hands in a sheet through the same outbox as drafts: an answer that gets lost on the way does no harm. */
(function () {
  "use strict";
  var form = document.getElementById("submit-form");
  if (!form) return;
  var outbox = window.sheetOutbox, words = outbox.words;
  var state = document.getElementById("sheet-state");
  var record = null;

  function say(text) {
    var notice = document.createElement("div");
    notice.className = "notice notice-warn";
    notice.setAttribute("role", "alert");
    notice.textContent = text;
    document.getElementById("sheet-notice").replaceChildren(notice);
  }

  function showState(name) {
    state.dataset.state = name;
    state.querySelector("[data-state-text]").textContent = words[name];
  }

  outbox.onChange(function (changed, answer) {
    if (!record || changed !== record) return;
    if (answer) return void window.location.assign(form.dataset.done);
    if (record.clash || record.refused) {
      var sentence = record.refused || record.clash.sentence;
      showState(record.clash ? "conflict" : "refused");
      // The marks themselves are stored; what was refused is the act of handing in.
      outbox.drop(record.sheet).then(function () { say(sentence); });
      form.querySelector("button").disabled = false;
    } else if (record.signedOut) {
      showState("signIn");
      say(words.signedOut);
    } else if (record.waiting) {
      showState("local");
      say(words.submitWaits);
    } else showState("sending");
  });

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    form.querySelector("button").disabled = true;
    record = { sheet: form.dataset.sheet, door: form.dataset.door, rev: Number(form.dataset.rev), marks: JSON.parse(form.dataset.marks), bad: {}, sending: null, dirty: false, clash: null, refused: null };
    record.sending = outbox.nextOperation(record, "submit");
    outbox.keep(record).then(function () { return outbox.flush(record); });
  });
})();

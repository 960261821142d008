/* "Something is wrong here": a judge's word to the chief judge, sent like marks, also when the network is gone. */
(function () {
  "use strict";
  var form = document.getElementById("flag-form");
  if (!form) return;
  var outbox = window.sheetOutbox;
  var list = document.getElementById("flag-mine");

  function show() {
    outbox.operations(form.dataset.sheet).then(function (known) {
      var waiting = known.filter(function (one) { return one.kind === "flag" && one.state !== "accepted"; });
      list.querySelectorAll("[data-here]").forEach(function (line) { line.remove(); });
      waiting.forEach(function (one) {
        var line = document.createElement("li");
        line.dataset.here = one.op_id;
        line.textContent = [form.querySelector("[value='" + one.reason + "']").closest("label").textContent.trim(), one.text, one.state === "refused" ? one.sentence : outbox.words.local].filter(Boolean).join(" · ");
        list.append(line);
      });
    });
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var reason = form.elements.reason.value, text = form.elements.text.value.trim();
    var place = form.querySelector("[data-flag-error]");
    var sentence = !reason ? form.dataset.choose : reason === "other" && !text ? form.dataset.say : "";
    place.textContent = sentence;
    place.hidden = !sentence;
    if (sentence) return;
    outbox.report({ sheet: form.dataset.sheet, code: form.dataset.code, contest: form.dataset.contest }, form.dataset.door, reason, text).then(function () {
      form.reset();
      form.querySelector("[data-flag-sent]").hidden = false;
      show();
    });
  });

  show();
})();

/* What a sheet says beside its fields: the notice above the marks, an error at its aspect, what a mark earned. */
(function () {
  "use strict";
  var form = document.getElementById("sheet-form");
  if (!form) return;
  var marks = window.sheetMarks;

  function say(text, kind, more) {
    var place = document.getElementById("sheet-notice");
    place.replaceChildren();
    if (!text) return;
    var notice = document.createElement("div");
    notice.className = "notice notice-" + kind;
    notice.setAttribute("role", kind === "bad" ? "alert" : "status");
    var sentence = document.createElement("p");
    sentence.textContent = text;
    notice.append(sentence);
    if (more) notice.append(more);
    place.append(notice);
  }

  function showError(section, sentence) {
    var place = section.querySelector("[data-error]");
    place.hidden = !sentence;
    section.querySelector("[data-error-text]").textContent = sentence || "";
    section.classList.toggle("is-refused", Boolean(sentence));
    var fields = Array.from(section.querySelectorAll("[data-number], [data-count]"));
    // Of several attempts only the wrong one; all of them where only the server knows which.
    var wrong = fields.filter(function (field) { return field.matches("[data-number]") && marks.isWrong(field); });
    fields.forEach(function (field) {
      if (sentence && (!wrong.length || wrong.indexOf(field) >= 0)) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    });
  }

  function showNotes(section, note) {
    function show(name, isShown) {
      var place = section.querySelector("[data-note='" + name + "']");
      if (place) place.hidden = !isShown;
    }
    show("lost", note.lost);
    show("missed", note.missed);
    show("stands", note.stands);
    show("void", note.void);
    if (note.stands) section.querySelector("[data-stands]").textContent = note.stands;
    section.querySelectorAll("[data-attempt]").forEach(function (row) {
      row.classList.toggle("is-standing", (note.counting || []).indexOf(Number(row.dataset.attempt)) >= 0);
    });
  }

  /* A rank that was given to another contestant too is allowed, and said. */
  function showTwice(section) {
    var place = section.querySelector("[data-note='twice']");
    if (!place) return;
    var value = marks.read(section);
    var same = JSON.parse(place.dataset.ranks)[value];
    place.hidden = !same;
    if (same) place.querySelector("[data-codes]").textContent = same.join(window.listMark);
    document.querySelector("[data-rank]").textContent = value === null ? "–" : value;
  }

  /* Far from what this judge measured of the others, or better than a record: asked here, and refused by nobody. */
  function showFar(section) {
    section.querySelectorAll("[data-note='far'], [data-note='record']").forEach(function (place) {
      var far = marks.numbers(section).find(function (one) { return Number(one) < Number(place.dataset.least) || Number(one) > Number(place.dataset.most); });
      place.hidden = far === undefined;
      place.querySelector("[data-far]").textContent = far === undefined ? "" : place.dataset.text.replace("{typed}", far);
    });
  }

  window.sheetNotes = { say: say, showError: showError, showNotes: showNotes, showTwice: showTwice, showFar: showFar };
})();

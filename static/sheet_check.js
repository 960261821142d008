/* Checking and handing in on the tablet, when the server cannot be asked for its summary. Nothing is added up here:
   the tablet only says which marks are given, in the judge's own figures. The server decides when the sheet arrives. */
(function () {
  "use strict";
  var panel = document.getElementById("sheet-check");
  if (!panel) return;
  var outbox = window.sheetOutbox, marks = window.sheetMarks, words = outbox.words;
  var form = document.getElementById("sheet-form");
  var record = null;

  function text(node) { return node ? node.textContent.trim().replace(/\s+/g, " ") : ""; }

  /* A mark as the judge sees it in the fields of the sheet. */
  function inWords(section) {
    var value = marks.read(section);
    if (section.dataset.kind === "deductions") {
      var counted = Array.from(section.querySelectorAll("[data-count]")).filter(function (field) { return Number(field.value) > 0; });
      return counted.length ? counted.map(function (field) { return text(field.closest(".reason").querySelector("label > span")) + " × " + field.value; }).join(window.listMark) : text(section.querySelector(".none-choice"));
    }
    if (section.dataset.kind === "checklist") {
      return Array.from(section.querySelectorAll("fieldset")).map(function (line) { return text(line.querySelector("legend > span")) + ": " + text((line.querySelector("input:checked") || line).closest("label")); }).join(window.listMark);
    }
    if (section.dataset.kind === "judgement" || section.dataset.kind === "grade") return text(section.querySelector("input:checked").closest("label"));
    if (Array.isArray(value)) return value.map(function (one) { return one === "x" ? "×" : one === null ? "–" : one; }).join(" · ");
    return [value === "x" ? "×" : value, text(section.querySelector(".mark-unit"))].filter(Boolean).join(" ");
  }

  /* What is asked beside a mark that lies far from the others, or beats a record. */
  function question(section) { return Array.from(section.querySelectorAll("[data-note='far']:not([hidden]) [data-far], [data-note='record']:not([hidden]) [data-far]")).map(text).join(" "); }

  function isOpen(section) { return !marks.isGiven(section) || marks.isBad(section) || section.dataset.aspect in record.bad; }

  function show() {
    var sections = marks.sections(form);
    var missing = sections.filter(isOpen);
    panel.querySelector("[data-missing]").hidden = !missing.length;
    panel.querySelector("[data-missing-count]").textContent = missing.length;
    panel.querySelector("[data-hand-in]").hidden = missing.length > 0;
    panel.querySelector("[data-marks]").replaceChildren.apply(panel.querySelector("[data-marks]"), sections.map(function (section) {
      var row = panel.querySelector("template").content.cloneNode(true);
      row.querySelector("[data-key]").textContent = section.dataset.aspect;
      row.querySelector("a").textContent = text(section.querySelector("[data-name]"));
      row.querySelector("a").href = "#aspect-" + section.dataset.aspect;
      row.querySelector("[data-value]").textContent = missing.indexOf(section) >= 0 ? words.notMarked : [inWords(section), question(section)].filter(Boolean).join(" · ");
      row.firstElementChild.classList.toggle("is-missing", missing.indexOf(section) >= 0);
      return row;
    }));
    panel.hidden = false;
    panel.scrollIntoView({ block: "start" });
  }

  /* After handing in the fields rest; as long as nothing was sent the judge may take the sheet back. */
  function rest() {
    var isResting = Boolean(record && (outbox.isHandedIn(record) || (window.tabletPages.keptAt && (record.state === "submitted" || record.state === "resubmitted"))));
    form.inert = isResting;
    form.classList.toggle("is-resting", isResting);
    document.querySelector("[data-check]").hidden = isResting;
    var done = document.getElementById("sheet-handed");
    done.hidden = !isResting;
    if (!isResting) return;
    panel.hidden = true;
    done.querySelector("[data-handed-text]").textContent = record.handing ? words.submitWaits : words.handedIn;
    outbox.operations(record.sheet).then(function (known) {
      var last = known.filter(function (one) { return one.kind === "submit"; }).pop();
      done.querySelector("[data-take-back]").hidden = !(record.handing && last && last.state === "local");
    });
  }

  panel.querySelector("[data-hand-in]").addEventListener("click", function () {
    outbox.handIn(record);
    rest();
    document.getElementById("sheet-handed").scrollIntoView({ block: "start" });
  });
  document.querySelector("[data-take-back]").addEventListener("click", function () {
    outbox.takeBack(record).then(function () { rest(); outbox.count(); });
  });
  outbox.onChange(function (changed) { if (record && changed === record) rest(); });

  window.sheetCheck = {
    take: function (its) { record = its; rest(); if (window.location.hash === "#sheet-check" && !record.handing) show(); },
    show: show
  };
})();

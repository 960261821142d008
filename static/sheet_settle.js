/* What is left over after a conflict or on a closed sheet: a person decides, and the tablet notes what became of it. */
(function () {
  "use strict";
  var outbox = window.sheetOutbox, words = outbox.words;

  /* A closed sheet whose marks on this tablet were never taken: say so, and let a person decide. */
  function showLeftOver() {
    var place = document.getElementById("closed-sheet");
    if (!place) return undefined;
    function tell(record) {
      var sentence = leftOver(record);
      if (!sentence) return;
      var notice = document.querySelector("template[data-notice='left-over']").content.cloneNode(true);
      notice.querySelector("[data-sentence]").textContent = sentence;
      notice.querySelector("[data-drop]").addEventListener("click", function () {
        outbox.drop(record.sheet).then(function () { document.getElementById("sheet-notice").textContent = words.dropped; });
      });
      document.getElementById("sheet-notice").replaceChildren(notice);
    }
    outbox.onChange(function (record, answer) {
      if (record.sheet !== place.dataset.sheet) return;
      if (answer && !outbox.isPending(record)) return;
      tell(record);
    });
    return outbox.load(place.dataset.sheet).then(function (record) {
      if (!outbox.isPending(record)) return undefined;
      record.clash = null;
      record.refused = null;
      tell(record); // Of marks that were never to be sent nobody answers.
      return outbox.flush(record);
    });
  }

  /* Why marks of this tablet are not on the closed sheet, or nothing. */
  function leftOver(record) {
    var why = record.refused || (record.clash && record.clash.sentence);
    return (why ? [why] : []).concat(Object.keys(record.bad).map(function (key) {
      return key + ": " + record.bad[key].sentence;
    })).join(" ");
  }

  /* The choice after a clash is made on the server's page. This tablet's copy goes only when the page that follows
     names the operation, so a choice that never arrived loses nothing. */
  document.querySelectorAll("form[data-settle]").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      outbox.load(form.dataset.settle).then(function (record) {
        if (!record) return undefined;
        record.settling = form.elements.op_id.value;
        return outbox.keep(record);
      }).then(function () { form.submit(); });
    });
  });

  function dropSettled() {
    var form = document.getElementById("sheet-form");
    var settled = new URLSearchParams(window.location.search).get("settled");
    if (!form || !settled) return Promise.resolve();
    window.history.replaceState(null, "", window.location.pathname);
    return outbox.load(form.dataset.sheet).then(function (record) {
      if (!record || record.settling !== settled) return undefined;
      return outbox.operations(record.sheet).then(function (known) {
        var conflicts = known.filter(function (one) { return one.state === "conflict" && !one.settled_at; });
        conflicts.forEach(function (one) { one.settled_at = new Date().toISOString(); });
        return outbox.saveOperations(conflicts);
      }).then(function () { return outbox.drop(form.dataset.sheet); });
    });
  }

  window.tabletStore.device().then(function (own) {
    document.querySelectorAll("input[name=device]").forEach(function (field) { field.value = own.name; });
  });
  outbox.ready = dropSettled().then(showLeftOver);
})();

/* What every page of a judge says of the sheets on this tablet: the bar above, and the lines of the judge's list. */
(function () {
  "use strict";
  var words = document.getElementById("sheet-words").dataset;
  var records = window.sheetRecords;

  /* The two places in the bar above that every page of a judge has. */
  function showConnection(state) {
    var place = document.getElementById("connection");
    if (!place) return;
    place.dataset.state = state;
    place.querySelector(".connection-text").textContent = place.dataset[state];
  }

  function count() {
    return records.all().then(function (known) {
      var pending = known.filter(records.isPending);
      var place = document.getElementById("unsent");
      if (place) {
        var refused = pending.filter(records.isRefused).length;
        var unsent = pending.length - refused;
        place.dataset.count = pending.length;
        place.textContent = [[unsent, place.dataset.text], [refused, words.refusedSheets]].filter(function (part) { return part[0]; }).map(function (part) { return part.join(" "); }).join(" · ");
        place.hidden = pending.length === 0;
      }
      document.querySelectorAll("[data-sheet].own-sheet").forEach(function (row) { showRow(row, known.find(function (record) { return record.sheet === row.dataset.sheet; })); });
      showNext(known);
      return pending;
    });
  }

  /* The button to the next sheet passes over those that were handed in here and still wait. */
  function showNext(known) {
    document.querySelectorAll("a[data-next]").forEach(function (link) {
      var rows = Array.from(link.closest(".own-module").querySelectorAll("a.own-sheet"));
      var open = rows.filter(function (row) {
        var record = known.find(function (one) { return one.sheet === row.dataset.sheet; });
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
    row.classList.toggle("has-unsent", records.isPending(record));
    if (!place) return;
    var isNewer = record && record.rev > Number(row.dataset.rev) && (record.state === "submitted" || record.state === "resubmitted");
    var text = !record ? "" : record.clash ? words.conflict : record.handing ? words.handedHere : records.isRefused(record) ? words.refused : records.isPending(record) ? words.local : isNewer ? words.handedIn : "";
    place.textContent = text;
    place.hidden = !text;
  }

  window.sheetCounts = { showConnection: showConnection, show: count };
})();

/* Offering again what was accepted here, when another start of the server answers than the tablet has met (docs/protocol.md). */
(function () {
  "use strict";
  var door = window.tabletDoor, operations = window.sheetOperations, records = window.sheetRecords, answers = window.sheetAnswers, counts = window.sheetCounts;

  /* The server may have been set back to an older copy: everything that was accepted here is offered again, as it was sent
     then, each sheet in the order of its revisions; then this start of the server counts as met. What it still knows it
     answers as before; what stands in another's way is shown as a conflict. Only whoever sends alone may do this. */
  function offerAgain(epoch, sheet) {
    counts.showConnection("sending");
    return operations.all(sheet).then(function (known) {
      var kept = known.filter(function (one) { return one.state === "accepted"; });
      var marks = kept.filter(function (one) { return one.kind !== "flag"; }).sort(function (one, other) { return one.rev - other.rev; });
      var reports = kept.filter(function (one) { return one.kind === "flag"; });
      return marks.concat(reports).reduce(function (before, operation) {
        return before.then(function () { return operation.state === "accepted" ? offer(operation, epoch, marks) : undefined; });
      }, Promise.resolve());
    }).then(function () { return door.meet(epoch); }).then(function () { counts.showConnection("online"); });
  }

  function offer(operation, epoch, all) {
    return door.post(operation, epoch).then(function (answer) {
      if (answer.status === 401 || answer.status === 412) throw new Error("not met");
      if (answer.status === 200) return answer.body.replayed ? undefined : mended(operation, answer.body);
      if (operation.kind === "flag") return operations.save([answers.heard(operation, answer)]);
      // What stands on it cannot be there either.
      return lost(all.filter(function (one) { return one.sheet === operation.sheet && one.rev >= operation.rev; }), answer);
    });
  }

  function mended(operation, body) {
    operation.offered_at = new Date().toISOString();
    // Its head stays the one it was given then: the tablet is a witness of the chain as it was.
    if (operation.kind !== "flag") operation.rev = body.rev;
    return operations.save([operation]).then(function () { answers.tellOf(operation); });
  }

  /* gone: an operation that was accepted once and is not any more, and those of its sheet that were accepted after it.
     What waits on the sheet stands on them and shares their fate. */
  function lost(gone, answer) {
    var first = gone[0], last = gone[gone.length - 1];
    return records.load(first.sheet).then(function (known) {
      var record = known || Object.assign(records.blank(first.sheet), { door: first.door, code: first.code, contest: first.contest });
      return records.refresh(record).then(function (waiting) {
        var all = gone.concat(waiting), body = JSON.parse((waiting[waiting.length - 1] || last).body);
        // Its marks mean what they meant in its own form.
        if (!Object.keys(record.marks).length) Object.assign(record, { marks: body.marks, rules: body.rules || "", seen: {} });
        answers.take(record, first, all, answer);
        return records.put(record, all).then(function () { answers.tell(record); });
      });
    });
  }

  window.sheetOffers = { offerAgain: offerAgain };
})();

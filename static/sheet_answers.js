/* What becomes of a record and of its operations after the server has answered, and who on the page hears of it. */
(function () {
  "use strict";
  var records = window.sheetRecords;
  var listeners = [];

  /* isHandedIn: another tab of this tablet has just handed the sheet in. */
  function tell(record, answer, isHandedIn) {
    listeners.forEach(function (listen) { listen(record, answer || null, isHandedIn); });
  }

  /* For pages that show operations: one has changed that is none of a record's queue. */
  function tellOf(operation) { tell(records.open[operation.sheet] || records.blank(operation.sheet)); }

  /* What becomes of a record and of its operations after an answer. */
  function take(record, operation, waiting, answer) {
    var body = answer.body, error = body.error || {};
    records.turn(record);
    operation.answered_at = new Date().toISOString();
    if (answer.status === 200) {
      operation.state = "accepted";
      operation.rev = record.rev = body.rev;
      operation.head = body.head;
      record.state = body.state;
      record.queue.shift();
      if (operation.kind === "submit") record.handing = null;
      return;
    }
    // Whatever was made after it stands on it, so it shares its fate; the marks themselves stay in the record.
    waiting.forEach(function (one) {
      one.state = answer.status === 409 ? "conflict" : "refused";
      one.sentence = error.message;
      one.answered_at = operation.answered_at;
    });
    record.queue = [];
    record.dirty = true;
    record.handing = null;
    if (answer.status === 409) {
      record.clash = { rev: body.rev, sentence: error.message, marks: body.marks, at: body.at, by: body.by, device: body.device };
      return;
    }
    var sent = JSON.parse(operation.body).marks;
    var fields = answer.status === 422 && operation.kind === "draft" ? Object.keys(error.fields || {}) : [];
    // What the judge has changed since was not refused: it goes with the next operation.
    fields.forEach(function (key) {
      if (JSON.stringify(record.marks[key]) === JSON.stringify(sent[key])) record.bad[key] = { value: sent[key], sentence: error.fields[key] };
    });
    // All the other marks go again at once, without the refused ones.
    record.refused = fields.length ? null : error.message;
  }

  function heard(report, answer) {
    report.state = answer.status === 200 ? "accepted" : "refused";
    report.sentence = answer.status === 200 ? "" : answer.body.error.message;
    report.answered_at = new Date().toISOString();
    return report;
  }

  window.sheetAnswers = { take: take, heard: heard, tell: tell, tellOf: tellOf, onChange: function (listen) { listeners.push(listen); } };
})();

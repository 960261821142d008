/* What becomes of a record and of its operations after the server has answered, and who on the page hears of it. */
(function () {
  "use strict";
  var records = window.sheetRecords, operations = window.sheetOperations;
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
      // The form that the record knows is not in force; what the server took is.
      if (isStrange(record, operation) && !record.dirty) Object.assign(record, { marks: JSON.parse(operation.body).marks, rules: rulesOf(operation), seen: {}, isMerged: true });
      if (operation.kind === "submit") record.handing = null;
      return;
    }
    var strange = waiting.filter(function (one) { return operations.isWaiting(one) && isStrange(record, one); });
    // Whatever was made after it stands on it, so it shares its fate; the marks themselves stay in the record.
    waiting.forEach(function (one) {
      one.state = answer.status === 409 && error.code !== "rules_changed" ? "conflict" : "refused";
      one.sentence = error.message;
      one.answered_at = operation.answered_at;
    });
    record.queue = [];
    record.handing = null;
    if (error.code === "rules_changed") {
      // What was typed into the form in force by now goes by itself; else the sheet has to be loaded anew before anything is sent.
      record.outdated = rulesOf(operation) === record.rules;
      record.refused = record.outdated ? error.message : null;
      // What only a strange operation held is told on the sheet.
      if (strange.length) record.left = JSON.parse(strange[strange.length - 1].body).marks;
      record.dirty = record.dirty || strange.length < waiting.length;
      return;
    }
    record.dirty = true;
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

  function rulesOf(operation) { return JSON.parse(operation.body).rules || ""; }

  /* True for one that waits and whose marks are not in the record: typed into another form, and not carried over. */
  function isStrange(record, operation) {
    return Boolean(rulesOf(operation)) && rulesOf(operation) !== record.rules && (record.carried || []).indexOf(operation.op_id) < 0;
  }

  function heard(report, answer) {
    report.state = answer.status === 200 ? "accepted" : "refused";
    report.sentence = answer.status === 200 ? "" : answer.body.error.message;
    report.answered_at = new Date().toISOString();
    return report;
  }

  window.sheetAnswers = { take: take, heard: heard, tell: tell, tellOf: tellOf, onChange: function (listen) { listeners.push(listen); } };
})();

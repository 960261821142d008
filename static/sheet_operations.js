/* The operations of this judge that the tablet keeps, each under its own key: once made, an operation is never changed but in
   its state (local, sent, accepted, refused, conflict). What is not yet sent stands in the second store too.
   Each installation that was ever at this address has a notebook of its own: a rehearsal's operations and records are never
   mixed with the contest's, never sent to it, and there again when the rehearsal is. */
(function () {
  "use strict";
  var user = document.currentScript.dataset.user, installation = document.currentScript.dataset.installation || "";
  var store = window.tabletStore;
  var prefix = store.notebook(installation) + user + ":";

  function isWaiting(operation) { return operation.state === "local" || operation.state === "sent"; }

  function keyOf(operation) { return prefix + operation.sheet + ":" + operation.op_id; }

  /* Every operation of this judge on this tablet, both copies merged by their id, in the order in which they were made. */
  function operations(sheet) {
    var where = prefix + (sheet === undefined ? "" : sheet + ":");
    return store.all("operations", where).catch(function () { return []; }).then(function (kept) {
      var known = {};
      store.mirrored("tablet-operation:" + where).concat(kept).forEach(function (operation) { known[operation.op_id] = operation; });
      return Object.keys(known).map(function (id) { return known[id]; }).sort(function (one, other) { return one.seq - other.seq; });
    });
  }

  /* The queue is what waits; returns those operations, oldest first. */
  function line(record, known) {
    var waiting = known.filter(function (one) { return one.sheet === record.sheet && one.kind !== "flag" && isWaiting(one); });
    record.queue = waiting.map(function (one) { return one.op_id; });
    return waiting;
  }

  function waitingOf(record) {
    return operations(record.sheet).then(function (known) { return line(record, known); });
  }

  function save(changed) {
    changed.forEach(function (one) { store.mirror("tablet-operation:" + keyOf(one), isWaiting(one) ? one : null); });
    return store.write(changed.map(function (one) { return ["operations", keyOf(one), one]; }), true).catch(function () { return undefined; });
  }

  window.sheetOperations = { user: user, installation: installation, prefix: prefix, isWaiting: isWaiting, keyOf: keyOf, all: operations, line: line, waitingOf: waitingOf, save: save };
})();

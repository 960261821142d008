/* What became of every order number that this tablet gave, over all its judges, as ranges: per contest accepted, waiting
   or refused, and those of another installation. What is in none of them the tablet no longer knows (docs/protocol.md). */
(function () {
  "use strict";
  var store = window.tabletStore, operations = window.sheetOperations;
  var MOST = 1000;

  /* Numbers in any order as pairs [first, last]. */
  function rangesOf(numbers) {
    return numbers.slice().sort(function (one, other) { return one - other; }).reduce(function (found, number) {
      var last = found[found.length - 1];
      if (last && number <= last[1] + 1) last[1] = number;
      else found.push([number, number]);
      return found;
    }, []);
  }

  function stateOf(operation) {
    if (operation.state === "accepted") return "accepted";
    return operations.isWaiting(operation) ? "waiting" : "refused";
  }

  /* Both copies, as sheet_operations.js merges them; an operation without a contest may be of any (0). */
  function sort(known) {
    var contests = {}, others = [];
    known.forEach(function (one) {
      if (!one.seq) return; // Made before tablets counted.
      if (one.installation && one.installation !== operations.installation) return void others.push(one.seq);
      var contest = Number(one.contest) || 0;
      contests[contest] = contests[contest] || { contest: contest, accepted: [], waiting: [], refused: [] };
      contests[contest][stateOf(one)].push(one.seq);
    });
    return {
      contests: Object.keys(contests).map(function (contest) {
        var one = contests[contest];
        return { contest: one.contest, accepted: rangesOf(one.accepted), waiting: rangesOf(one.waiting), refused: rangesOf(one.refused) };
      }),
      others: rangesOf(others)
    };
  }

  function isSmall(told) {
    return told.contests.length <= 50 && told.others.length <= MOST && told.contests.every(function (one) {
      return one.accepted.length <= MOST && one.waiting.length <= MOST && one.refused.length <= MOST;
    });
  }

  /* null when the tablet cannot read its store, or its numbers are too torn for a pulse: then it tells nothing of them. */
  function tell() {
    return store.all("operations", "").then(function (kept) {
      var known = {};
      store.mirrored("tablet-operation:").concat(kept).forEach(function (one) { known[one.op_id] = one; });
      var told = sort(Object.keys(known).map(function (id) { return known[id]; }));
      return isSmall(told) ? told : null;
    }).catch(function () { return null; });
  }

  window.tabletNumbers = { tell: tell, rangesOf: rangesOf };
})();

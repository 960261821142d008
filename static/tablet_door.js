/* The way to the server, and which start of the server (epoch) this tablet has met: everything that was accepted here has been
   offered to that one. The epoch goes into a header, since the bytes of an operation never change; the server takes new
   marks only from a tablet that has met it (412 otherwise). Loading a page meets nobody. */
(function () {
  "use strict";
  var user = document.currentScript.dataset.user, installation = document.currentScript.dataset.installation || "";
  var store = window.tabletStore;
  var owner = store.notebook(installation) + user;
  var PATIENCE = 15000, SLOW = 3000;
  var UNKNOWN = "-";
  var LATER = ["elsewhere", "not_signed", "not_admitted", "unknown_key"];
  var REFUSALS = [400, 403, 404, 413, 415, 422, 423];
  var ANSWERS = [200, 401, 409, 412].concat(REFUSALS);
  var met; // Also where the browser keeps nothing this page knows what it has done.

  /* The epoch that was met last, or undefined. */
  function epoch() {
    if (met !== undefined) return Promise.resolve(met);
    return store.get("facts", "epoch:" + owner).catch(function () { return undefined; }).then(function (kept) {
      return kept === undefined ? store.mirrored("tablet-epoch:" + owner)[0] : kept;
    });
  }

  function meet(told) {
    met = told;
    store.mirror("tablet-epoch:" + owner, told);
    return store.write([["facts", "epoch:" + owner, told]]).catch(function () { return undefined; });
  }

  /* Of each request: JSON of ours, and the installation that the page is of; another one at this address takes nothing. */
  function headers() {
    var own = { "Content-Type": "application/json", "X-Contest": "1" };
    if (installation) own["X-Installation"] = installation;
    if (window.idle) own["X-Idle"] = String(window.idle.seconds());
    return own;
  }

  /* Sends one operation as it was made. `offeredTo`: the epoch that it is offered to again, before that one counts as met.
     `onSlow` is called once when there is no answer yet and the judge should hear of it. A server that does not know this tablet's key
     is shown it once (`hasShown`). */
  function post(operation, offeredTo, onSlow, hasShown) {
    var stop = new AbortController();
    var limit = setTimeout(function () { stop.abort(); }, PATIENCE), slow = setTimeout(onSlow || function () { return undefined; }, SLOW);
    return Promise.all([offeredTo === undefined ? epoch() : offeredTo, window.tabletKey.signature(operation)]).then(function (found) {
      return fetch(operation.door, {
        method: "POST", credentials: "same-origin", signal: stop.signal,
        headers: Object.assign(headers(), { "X-Epoch": found[0] || UNKNOWN }, found[1]), body: operation.body
      });
    }).then(function (response) {
      // A captive portal answers too: only our own server says X-App.
      if (response.headers.get("X-App") !== "contest") throw new Error("not our server");
      if (window.idle && response.status !== 401) window.idle.taken();
      return response.json().then(function (body) { return { status: response.status, body: body }; });
    }).finally(function () { clearTimeout(limit); clearTimeout(slow); }).then(function (answer) {
      var error = answer.body.error || {}, isLater = LATER.indexOf(error.code) >= 0;
      if (error.code === "unknown_key" && !hasShown) {
        return window.tabletKey.show(headers()).then(function () { return post(operation, offeredTo, onSlow, true); });
      }
      if (isLater || ANSWERS.indexOf(answer.status) < 0) {
        // What the server says when it cannot store (a full disk), when another installation is at this address, or when it takes only
        // what an admitted tablet signs, is told as it is; the operation goes again.
        throw Object.assign(new Error("try again"), { sentence: (isLater || answer.status === 503) && error.message });
      }
      return answer;
    });
  }

  window.tabletDoor = { epoch: epoch, meet: meet, post: post, headers: headers };
})();

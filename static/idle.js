/* For how long nobody has touched this device: said with everything that a page sends by itself, so that a screen which was
   left alone asks for the PIN or password again, and one that is worked on without a network does not. What was typed is kept
   on the device all the while; only sending waits. */
(function () {
  "use strict";
  var limit = Number(document.body.dataset.idle || 0) * 1000;
  var own = { touched: Date.now(), gap: 0 }; // Also where the browser keeps nothing.
  var written = 0, EVERY = 60000;

  function read() {
    try {
      var kept = JSON.parse(localStorage.getItem("touched") || "null");
      if (!kept) write();
      else own = { touched: Math.min(kept.touched, Date.now()), gap: kept.gap };
    } catch (refused) {
      document.documentElement.dataset.touchedKept = "no";
    }
    return own;
  }

  function write() {
    written = Date.now();
    try {
      localStorage.setItem("touched", JSON.stringify(own));
    } catch (refused) {
      document.documentElement.dataset.touchedKept = "no";
    }
  }

  function touch() {
    var now = Date.now();
    if (now - written < 1000) return;
    read();
    // Whoever takes up a tablet that lay about does not undo by it that it lay about.
    if (limit && now - own.touched >= limit) own.gap = Math.max(own.gap, now - own.touched);
    own.touched = now;
    write();
  }

  function seconds() {
    read();
    return Math.floor(Math.max(own.gap, Date.now() - own.touched) / 1000);
  }

  /* The server has taken something: by its own clock the device was not left alone. */
  function taken() {
    if (!read().gap) return;
    own.gap = 0;
    write();
  }

  ["pointerdown", "keydown", "wheel", "touchmove"].forEach(function (kind) {
    document.addEventListener(kind, touch, { passive: true, capture: true });
  });
  document.addEventListener("htmx:config:request", function (event) {
    event.detail.ctx.request.headers["X-Idle"] = String(seconds());
  });
  document.addEventListener("htmx:after:request", function (event) {
    if (event.detail.ctx.response.status < 400) taken();
  });

  /* Whoever fills in a long form asks the server for nothing meanwhile: it hears that the screen is in use. */
  function tellInUse() {
    if (window.tabletPulse || seconds() * 1000 > EVERY) return;
    fetch("/my/account/here", { credentials: "same-origin", headers: { "X-Idle": String(seconds()) } }).then(function (response) {
      if (response.ok) taken();
    }).catch(function () { return undefined; }); // No network: the next one says it.
  }

  if (limit) window.setInterval(tellInUse, EVERY);
  window.idle = { seconds: seconds, taken: taken };
})();

/* A screen in the hall: follows its stream, says every few seconds what it shows, counts down, turns pictures. */
(function () {
  "use strict";
  var screen = document.getElementById("screen");
  if (!screen) return;
  var source = null;
  var ahead = 0; // how much the server's clock is ahead of ours, in milliseconds
  var turned = 0;

  function stage() { return document.getElementById("screen-stage"); }

  function put(html) {
    var made = new DOMParser().parseFromString(html, "text/html").getElementById("screen-stage");
    if (!made || made.dataset.mark === stage().dataset.mark) return;
    stage().replaceWith(document.adoptNode(made));
    turned = Date.now();
    tick();
    say();
  }

  /* Not at once: after a restart of the server every screen would come in the same moment. */
  function reload() {
    close();
    window.setTimeout(function () {
      fetch(window.location.href, { cache: "no-cache" }).then(function (answer) {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.text();
      }).then(function (text) {
        var fresh = new DOMParser().parseFromString(text, "text/html").getElementById("screen");
        if (!fresh) throw new Error("no screen");
        screen.dataset.event = fresh.dataset.event;
        put(fresh.innerHTML);
        open();
      }).catch(function () { window.setTimeout(open, 2000); });
    }, Math.random() * 200);
  }

  function close() {
    if (source) source.close();
    source = null;
  }

  function open() {
    close();
    source = new EventSource(screen.dataset.stream + "?after=" + encodeURIComponent(screen.dataset.event));
    source.onerror = function () {
      if (source && source.readyState === EventSource.CLOSED) window.setTimeout(open, 1000 + Math.random() * 1000);
    };
    source.addEventListener("board", function (event) {
      screen.dataset.event = event.lastEventId;
      var told = JSON.parse(event.data);
      if (told.head) put(told.head);
    });
    source.addEventListener("reload", reload);
  }

  /* Nothing to be seen: no word, no whole picture, no frame; or the window is hidden. */
  function isDark() {
    if (document.visibilityState === "hidden") return true;
    var pictures = Array.from(stage().querySelectorAll("img"));
    if (pictures.length) return !pictures.some(function (one) { return one.complete && one.naturalWidth > 0; });
    var frame = stage().querySelector("iframe");
    // A frame of ours that shows no board shows an error, or nothing.
    if (frame) return !frame.contentDocument || (frame.contentDocument.readyState === "complete" && !frame.contentDocument.getElementById("board"));
    return !Array.from(stage().querySelectorAll("h1, p, b, th, td")).some(function (one) {
      return !one.classList.contains("unseen") && one.offsetHeight > 0 && one.textContent.trim();
    });
  }

  function say() {
    var words = "?shown=" + stage().dataset.mark + "&dark=" + (isDark() ? "1" : "0");
    fetch(screen.dataset.seen + words, { cache: "no-store" }).then(function (answer) {
      return answer.ok ? answer.text() : "";
    }).then(function (now) {
      if (now) ahead = Date.parse(now) - Date.now();
    }).catch(function () { return null; }); // the stream comes back by itself; the desk sees the silence
  }

  function two(number) { return String(number).padStart(2, "0"); }

  function tick() {
    var clock = stage().querySelector("[data-until]");
    if (clock) {
      var left = Math.max(0, Math.ceil((Date.parse(clock.dataset.until) - Date.now() - ahead) / 1000));
      var hours = Math.floor(left / 3600);
      clock.querySelector("[data-left]").textContent =
        (hours ? two(hours) + ":" : "") + two(Math.floor((left % 3600) / 60)) + ":" + two(left % 60);
    }
    var pictures = Array.from(stage().querySelectorAll("[data-picture]"));
    if (pictures.length > 1) {
      var seconds = Number(stage().dataset.seconds) || 9;
      var shown = Math.floor((Date.now() - turned) / 1000 / seconds) % pictures.length;
      pictures.forEach(function (one, number) { one.hidden = number !== shown; });
    }
  }

  turned = Date.now();
  tick();
  window.setInterval(tick, 500);
  window.setInterval(say, 4000);
  document.addEventListener("visibilitychange", say);
  say();
  open();
})();

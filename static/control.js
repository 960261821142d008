/* The controller: what the host has unfolded stays unfolded when the page brings itself up to date. */
(function () {
  "use strict";
  var unfolded = [];

  function parts() { return Array.from(document.querySelectorAll("#control details")); }

  document.addEventListener("htmx:before:swap", function () {
    unfolded = parts().map(function (one) { return one.open; });
  });
  document.addEventListener("htmx:after:swap", function () {
    var now = parts();
    if (now.length !== unfolded.length) return;
    now.forEach(function (one, number) { one.open = unfolded[number]; });
  });
})();

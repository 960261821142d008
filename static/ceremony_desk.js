/* The ceremony's desk: only the fields of what the screens are to show. Without a script all of them stand there. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-switch]");
  if (!form) return;
  function show() {
    var chosen = form.querySelector("[name='shows']:checked");
    form.querySelectorAll("[data-for]").forEach(function (part) {
      part.hidden = !chosen || part.dataset.for.split(",").indexOf(chosen.value) < 0;
    });
  }
  form.addEventListener("change", show);
  show();
})();

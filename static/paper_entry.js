/* A sheet typed in from paper with the keyboard alone: Enter or arrow down goes on, arrow up goes back, and Enter in
   the last field stores. Without a script Enter sends the form, which names what is still empty. */
(function () {
  "use strict";
  var form = document.querySelector("[data-paper-form]");
  if (!form) return;
  var fields = Array.prototype.slice.call(form.querySelectorAll("[data-paper]"));

  function go(at) {
    if (at < 0 || at >= fields.length) return;
    fields[at].focus();
    fields[at].select();
  }

  form.addEventListener("keydown", function (event) {
    var at = fields.indexOf(event.target);
    if (at < 0 || event.isComposing) return;
    if (event.key === "ArrowUp") { event.preventDefault(); go(at - 1); }
    if (event.key === "ArrowDown") { event.preventDefault(); go(at + 1); }
    if (event.key !== "Enter" || at === fields.length - 1) return;
    event.preventDefault();
    go(at + 1);
  });

  var refused = form.querySelector('[aria-invalid="true"]');
  go(refused ? fields.indexOf(refused) : 0);
})();

/* The keypad of the PIN page: the tablet's own keyboard stays away, the digits go into the one field. */
(function () {
  "use strict";
  var field = document.querySelector("[data-pin]");
  if (!field) return;
  var most = Number(field.getAttribute("data-length"));

  /* A keyboard of glass would cover the keypad; a real one still types into the field. */
  if (window.matchMedia("(pointer: coarse)").matches) field.setAttribute("inputmode", "none");

  document.querySelector("[data-pin-form]").addEventListener("click", function (event) {
    var key = event.target.closest("[data-digit], [data-erase]");
    if (!key) return;
    if (key.hasAttribute("data-erase")) field.value = field.value.slice(0, -1);
    else if (field.value.length < most) field.value += key.getAttribute("data-digit");
  });

  /* Masked until somebody asks to see it: who types behind a hand may look whether a finger slipped. */
  document.querySelector("[data-show-pin]").addEventListener("click", function (event) {
    var isShown = field.type === "password";
    field.type = isShown ? "text" : "password";
    event.currentTarget.setAttribute("aria-pressed", String(isShown));
  });
})();

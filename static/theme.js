/* Sets the colours a person chose before anything is painted. Loaded in <head>, not deferred, so that nothing flashes. */
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("has-script");
  try {
    var chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") root.setAttribute("data-theme", chosen);
  } catch (refused) {
    // A browser that keeps nothing follows the device; there is nothing to tell anyone.
    root.setAttribute("data-theme-kept", "no");
  }
})();

/* The mark between the things of a list, as the page's language writes it; here, where every page has it first. */
window.listMark = document.documentElement.lang.indexOf("zh") === 0 ? "、" : ", ";

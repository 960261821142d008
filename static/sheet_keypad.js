/* The keypad of a sheet, and the way from field to field. It replaces the tablet's own on touch screens; a real keyboard goes on working. */
(function () {
  "use strict";
  var form = document.getElementById("sheet-form");
  if (!form) return;
  var marks = window.sheetMarks;
  var sections = marks.sections(form);
  var panel = document.getElementById("keypad-panel");
  var current = null;
  var changed = null; // What the sheet does after each key.

  /* Keypad: serves the number field that was touched last. */
  function serve(field) {
    current = field;
    var section = field.closest("[data-aspect]");
    panel.hidden = false;
    document.body.classList.add("has-keypad");
    var row = field.closest("[data-attempt]");
    panel.querySelector("[data-keypad-name]").textContent = section.dataset.aspect + " " + section.querySelector("[data-name]").textContent + (row ? " · " + (Number(row.dataset.attempt) + 1) : "");
    panel.querySelector("[data-key='minus']").hidden = !(Number(field.dataset.min) < 0);
    panel.querySelector("[data-keypad-range]").textContent = section.querySelector("[data-range]").textContent;
    sections.forEach(function (other) { other.classList.toggle("is-current", other === section); });
    section.scrollIntoView({ block: "nearest" });
  }

  function choose(field) {
    field.dataset.fresh = "yes";
    serve(field);
  }

  function closeKeypad() {
    panel.hidden = true;
    document.body.classList.remove("has-keypad");
    sections.forEach(function (section) { section.classList.remove("is-current"); });
    current = null;
  }

  function press(key) {
    if (!current) return;
    if (key === "next") return goNext(current);
    if (key === "close") return closeKeypad();
    if (current.dataset.fresh) {
      // The first key after a field is chosen begins a new number, as on a till.
      current.value = key === "back" || key === "minus" ? current.value : "";
      delete current.dataset.fresh;
    }
    if (key === "back") current.value = current.value.slice(0, -1);
    else if (key === "minus") current.value = current.value[0] === "-" ? current.value.slice(1) : "-" + current.value;
    else if (current.value.length < 10) current.value += key;
    unvoid(current);
    changed();
  }

  /* Whoever types a number into an attempt that was called failed means the number. */
  function unvoid(field) {
    var box = field.parentNode.querySelector("[data-void]");
    if (box && field.value.trim() !== "") box.checked = false;
  }

  function goNext(field) {
    var attempt = marks.nextAttempt(field);
    if (attempt) return attempt.focus();
    var at = sections.indexOf(field.closest("[data-aspect]"));
    var next = sections.slice(at + 1).concat(sections.slice(0, at)).find(function (section) { return !marks.isGiven(section); }) || sections[at + 1];
    if (!next) {
      closeKeypad();
      return field.blur();
    }
    next.scrollIntoView({ block: "center" });
    var number = next.querySelector("[data-number]");
    if (!number) closeKeypad();
    (number || next.querySelector("input")).focus({ preventScroll: true });
  }

  form.addEventListener("focusin", function (event) {
    if (!event.target.matches("[data-number]")) {
      // The keypad must never type into a field that is no longer the one being marked.
      var section = event.target.closest("[data-aspect]");
      if (section && current && !section.contains(current)) closeKeypad();
      return;
    }
    choose(event.target);
  });
  form.addEventListener("keydown", function (event) {
    if (!event.target.matches("[data-number], [data-count]")) return;
    delete event.target.dataset.fresh;
    if (event.key === "Enter") {
      event.preventDefault();
      goNext(event.target);
    } else if (event.key === "Escape") closeKeypad();
  });

  /* The sheet takes the keypad into use: `whenChanged` is called after each key that changed a field. */
  function begin(whenChanged) {
    changed = whenChanged;
    form.querySelectorAll("[data-number]").forEach(function (field) { field.setAttribute("inputmode", "none"); });
    // On a slow network a field can have been touched before this program ran.
    if (form.contains(document.activeElement) && document.activeElement.matches("[data-number]")) choose(document.activeElement);
  }

  window.sheetKeypad = { begin: begin, press: press, unvoid: unvoid };
})();

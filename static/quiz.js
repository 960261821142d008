/* The quiz desk by keyboard: a digit chooses a column, + and - answer, U goes to the newest undo, Q W E R change the kind. */
(function () {
  "use strict";
  var chosen = 0;

  function isTyping(target) {
    return target.closest("input:not([type=hidden]), textarea, select, [contenteditable]");
  }

  function answer(kind) {
    var column = document.querySelector('[data-column="' + chosen + '"]');
    var button = column && (column.querySelector('[data-answer="' + kind + '"]') || column.querySelector("[data-answer]"));
    return button || null;
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.id === "quiz-question" && (event.key === "Enter" || event.key === "Escape")) {
      // The question's number is written: the keys are for answers again.
      event.preventDefault();
      event.target.blur();
      return;
    }
    if (isTyping(event.target)) return;
    var key = event.key.toLowerCase(), button;
    if (/^[0-9]$/.test(key)) {
      chosen = key === "0" ? 10 : Number(key);
      button = answer("right");
      if (button) button.focus();
    } else if ((key === "+" || key === "=" || key === "-" || key === "−") && !event.repeat) {
      // Only the answer itself is pressed from afar; a wager is chosen with Tab and Enter.
      button = answer(key === "+" || key === "=" ? "right" : "wrong");
      if (button && button.dataset.answer !== "first") { event.preventDefault(); button.click(); }
    } else {
      button = document.querySelector('[data-key="' + CSS.escape(key) + '"]');
      if (!button) return;
      if (button.matches("a")) button.click(); else button.focus();
    }
  });

  /* What was entered leaves the form; what was refused stays. */
  document.addEventListener("htmx:after:swap", function (event) {
    var ctx = event.detail && event.detail.ctx, form = document.getElementById("quiz-time");
    if (!form || !ctx || !ctx.response || ctx.request.method !== "POST" || ctx.response.status >= 400) return;
    if (ctx.sourceElement && ctx.sourceElement.id !== "quiz-time") return;
    form.reset();
    form.elements.device_ms.value = "";
    form.elements.server_ms.value = "";
    form.dispatchEvent(new CustomEvent("quiz:entered", { bubbles: true }));
  });
})();

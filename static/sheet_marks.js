/* Reads marks from the fields of a sheet and writes them back; knows nothing of points, sums or ranks.
   A number is compared only with the limits that the server wrote beside its field; the server decides. */
(function () {
  "use strict";

  function all(root, selector) { return Array.from(root.querySelectorAll(selector)); }

  function plain(text) {
    return text.trim().replace(/[０-９．－]/g, function (letter) { return String.fromCharCode(letter.charCodeAt(0) - 0xfee0); });
  }

  function units(text) {
    var found = /^(-?)(\d{1,9})(?:\.(\d{1,4}))?$/.exec(text);
    if (!found) return null;
    var size = Number(found[2]) * 10000 + Number(((found[3] || "") + "0000").slice(0, 4));
    return found[1] ? -size : size;
  }

  /* True when the number lies within what the server wrote beside the field. */
  function isAllowed(field) {
    var value = units(plain(field.value));
    if (value === null || value < units(field.dataset.min) || value > units(field.dataset.max)) return false;
    if (field.dataset.step) return value % units(field.dataset.step) === 0;
    return value % Math.pow(10, 4 - Number(field.dataset.places)) === 0;
  }

  function isWrong(field) {
    var box = field.parentNode.querySelector("[data-void]");
    return field.value.trim() !== "" && !(box && box.checked) && !isAllowed(field);
  }

  var kinds = {
    number: {
      read: function (section) {
        var field = section.querySelector("[data-number]");
        return field.value.trim() === "" ? null : field.value.trim();
      },
      write: function (section, value) { section.querySelector("[data-number]").value = value === null ? "" : value; },
      given: function (value) { return value !== null; }
    },
    deductions: {
      read: function (section) {
        var counts = {};
        all(section, "[data-count]").forEach(function (field, index) {
          var typed = plain(field.value);
          if (typed !== "" && typed !== "0") counts[index] = /^\d{1,3}$/.test(typed) ? Number(typed) : -1;
        });
        return Object.keys(counts).length || section.querySelector("[data-none]").checked ? counts : null;
      },
      write: function (section, value) {
        all(section, "[data-count]").forEach(function (field, index) { field.value = value && value[index] > 0 ? value[index] : "0"; });
        section.querySelector("[data-none]").checked = value !== null && Object.keys(value).length === 0;
      },
      given: function (value) { return value !== null; }
    },
    checklist: {
      read: function (section) {
        var answers = all(section, "fieldset").map(function (line) {
          var chosen = line.querySelector("input:checked");
          return chosen ? chosen.value === "yes" : null;
        });
        return answers.every(function (answer) { return answer === null; }) ? null : answers;
      },
      write: function (section, value) {
        all(section, "fieldset").forEach(function (line, index) {
          var answer = value ? value[index] : null;
          all(line, "input").forEach(function (box) { box.checked = answer !== null && (box.value === "yes") === answer; });
        });
      },
      given: function (value) { return value !== null && value.indexOf(null) < 0; }
    },
    judgement: {
      read: function (section) {
        var chosen = section.querySelector("[data-level]:checked");
        return chosen ? Number(chosen.value) : null;
      },
      write: function (section, value) {
        all(section, "[data-level]").forEach(function (box) { box.checked = value !== null && Number(box.value) === Number(value); });
      },
      given: function (value) { return value !== null; }
    },
    grade: {
      read: function (section) {
        var chosen = section.querySelector("[data-grade]:checked");
        return chosen ? chosen.value : null;
      },
      write: function (section, value) {
        all(section, "[data-grade]").forEach(function (box) { box.checked = value !== null && box.value === String(value); });
      },
      given: function (value) { return value !== null; }
    },
    /* Several attempts: a number, "x" where one failed, null where none was taken. */
    attempts: {
      read: function (section) {
        var found = all(section, "[data-attempt]").map(function (row) {
          var typed = row.querySelector("[data-number]").value.trim();
          return row.querySelector("[data-void]").checked ? "x" : typed === "" ? null : typed;
        });
        return found.every(function (one) { return one === null; }) ? null : found;
      },
      write: function (section, value) {
        all(section, "[data-attempt]").forEach(function (row, index) {
          var one = value && value[index] !== undefined ? value[index] : null;
          row.querySelector("[data-void]").checked = one === "x";
          row.querySelector("[data-number]").value = one === null || one === "x" ? "" : one;
        });
      },
      given: function (value, section) {
        if (value === null) return false;
        var needsAll = section.dataset.take === "sum" || section.dataset.take === "mean";
        return !needsAll || value.every(function (one) { return one !== null; });
      }
    }
  };
  kinds.points = kinds.rank = kinds.number;
  /* A measured value may have failed too: then it has none. */
  kinds.measured = {
    read: function (section) { return section.querySelector("[data-void]").checked ? "x" : kinds.number.read(section); },
    write: function (section, value) {
      section.querySelector("[data-void]").checked = value === "x";
      kinds.number.write(section, value === "x" ? null : value);
    },
    given: kinds.number.given
  };

  function kindOf(section) { return kinds[section.dataset.kind]; }

  window.sheetMarks = {
    sections: function (form) { return all(form, "[data-aspect]"); },
    read: function (section) { return kindOf(section).read(section); },
    write: function (section, value) { kindOf(section).write(section, value === undefined ? null : value); },
    isGiven: function (section) { return kindOf(section).given(kindOf(section).read(section), section); },
    isWrong: isWrong,
    /* The numbers that were typed and can be taken, as plain text. */
    numbers: function (section) {
      return all(section, "[data-number]").filter(function (field) { return field.value.trim() !== "" && !isWrong(field); }).map(function (field) { return plain(field.value); });
    },
    /* What was typed where it cannot be taken. */
    wrongText: function (section) {
      var field = all(section, "[data-number]").find(isWrong);
      return field ? field.value.trim() : "";
    },
    /* The field of the next attempt that was neither typed nor called failed; undefined after the last. */
    nextAttempt: function (field) {
      var row = field.closest("[data-attempt]");
      if (!row) return undefined;
      return all(row.parentNode, "[data-attempt]").slice(Number(row.dataset.attempt) + 1).filter(function (next) {
        return next.querySelector("[data-number]").value.trim() === "" && !next.querySelector("[data-void]").checked;
      }).map(function (next) { return next.querySelector("[data-number]"); })[0];
    },
    /* True for a value that the tablet itself can see is none: it is kept and shown, but not sent. */
    isBad: function (section) {
      if (section.querySelector("[data-number]")) return all(section, "[data-number]").some(isWrong);
      return all(section, "[data-count]").some(function (box) {
        var typed = plain(box.value);
        return typed !== "" && (!/^\d{1,3}$/.test(typed) || Number(typed) > Number(box.dataset.most));
      });
    },
    step: function (field, direction) {
      var step = units(field.dataset.step), now = units(plain(field.value));
      var next = now === null ? (direction > 0 ? units(field.dataset.min) : units(field.dataset.max)) : now - (now % step) + direction * step;
      if (now !== null && direction < 0 && now % step !== 0) next = now - (now % step);
      next = Math.min(Math.max(next, units(field.dataset.min)), units(field.dataset.max));
      field.value = String(next / 10000);
    }
  };
})();

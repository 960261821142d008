/* When the rules of a sheet change while it is being marked: what was typed into the old form is carried into the new one
   where it still says the same, line by line and by its name; everything else is told, and nothing of it is lost. */
(function () {
  "use strict";
  var marks = window.sheetMarks;
  var place = document.getElementById("sheet-rules");

  function text(node) { return node ? node.textContent.trim().replace(/\s+/g, " ") : ""; }

  function all(section, selector) { return Array.from(section.querySelectorAll(selector)); }

  /* What each line of an aspect is called: by its place, or by the value that stands for it. */
  var LINES = {
    deductions: function (section) { return all(section, ".reason > label > span").map(text); },
    checklist: function (section) { return all(section, "legend > span").map(text); },
    judgement: byValue,
    grade: byValue
  };

  function byValue(section) {
    var names = {};
    all(section, "input[type=radio]").forEach(function (box) { names[box.value] = text(box.closest("label")); });
    return names;
  }

  function look(section) {
    var kind = section.dataset.kind;
    return { rules: section.dataset.rules, kind: kind, name: text(section.querySelector("[data-name]")), lines: LINES[kind] ? LINES[kind](section) : null };
  }

  /* What a form asks for, so that it is known when another form is there. */
  function see(sections) {
    var seen = {};
    sections.forEach(function (section) { seen[section.dataset.aspect] = look(section); });
    return seen;
  }

  function isClear(names) { return names.every(function (name, index) { return names.indexOf(name) === index; }); }

  function moveCounts(was, now, value) {
    var moved = {}, isWhole = isClear(was.lines) && isClear(now.lines);
    // “Nothing to deduct” was said of the old list only.
    if (!Object.keys(value).length) return now.lines.every(function (name) { return was.lines.indexOf(name) >= 0; }) ? value : undefined;
    Object.keys(value).forEach(function (index) {
      var at = now.lines.indexOf(was.lines[index]);
      if (at < 0) isWhole = false;
      else moved[at] = value[index];
    });
    return isWhole ? moved : undefined;
  }

  function moveAnswers(was, now, value) {
    if (!isClear(was.lines) || !isClear(now.lines)) return undefined;
    var moved = now.lines.map(function (name) {
      var at = was.lines.indexOf(name);
      return at < 0 || value[at] === undefined ? null : value[at];
    });
    return moved.every(function (answer) { return answer === null; }) ? undefined : moved;
  }

  /* The same mark in the new form, or undefined where it would say something else. */
  function move(was, now, value) {
    if (!was || was.kind !== now.kind) return undefined;
    if (now.kind === "deductions") return moveCounts(was, now, value);
    if (now.kind === "checklist") return moveAnswers(was, now, value);
    if (now.lines) return was.lines[value] === now.lines[value] ? value : undefined;
    return value;
  }

  /* A mark as it was read in its own form. */
  function inWords(was, value) {
    if (was && was.kind === "deductions") return Object.keys(value).map(function (index) { return was.lines[index] + " × " + value[index]; }).join(window.listMark) || "0";
    if (was && was.kind === "checklist") return was.lines.map(function (name, index) { return name + " " + (value[index] === null ? "–" : value[index] ? "✓" : "×"); }).join(window.listMark);
    if (was && was.lines) return was.lines[value] || String(value);
    if (Array.isArray(value)) return value.map(sign).join(" · ");
    // Lines whose names nobody wrote down are told by their place.
    if (typeof value === "object") return Object.keys(value).map(function (index) { return Number(index) + 1 + ". × " + value[index]; }).join(window.listMark) || "0";
    return sign(value);
  }

  function sign(one) { return one === "x" || one === false ? "×" : one === null ? "–" : one === true ? "✓" : String(one); }

  /* True when the new form has no place for attempts that were given. */
  function isCut(section, value) {
    var there = section.querySelectorAll("[data-attempt]").length;
    return there > 0 && Array.isArray(value) && value.slice(there).some(function (one) { return one !== null; });
  }

  /* Brings one mark into its section; returns "kept", "cut", "again" or "open", or nothing where the aspect is as it was. */
  function bring(section, was, value) {
    var now = look(section);
    if (was && was.rules === now.rules) return undefined;
    var moved = value === undefined ? undefined : move(was, now, value);
    marks.write(section, moved);
    if (moved !== undefined && marks.isBad(section)) {
      moved = undefined;
      marks.write(section, undefined);
    }
    if (value === undefined) return "open";
    return moved === undefined ? "again" : isCut(section, moved) ? "cut" : "kept";
  }

  function title(key, name) { return name ? key + " " + name : key; }

  /* Carries a record's marks, which the fields hold already where nothing changed, into this form. */
  function carry(record, sections) {
    var seen = record.seen || {}, there = {}, changes = [];
    sections.forEach(function (section) {
      var key = section.dataset.aspect, value = record.marks[key];
      there[key] = true;
      var what = bring(section, seen[key], value);
      if (what) changes.push({ what: what, name: title(key, look(section).name), had: value === undefined ? "" : inWords(seen[key], value) });
    });
    Object.keys(record.marks).filter(function (key) { return !there[key]; }).forEach(function (key) {
      changes.push({ what: "gone", name: title(key, seen[key] && seen[key].name), had: inWords(seen[key], record.marks[key]) });
    });
    record.changes = (record.changes || []).concat(changes);
    record.carried = record.queue.slice();
    record.seen = see(sections);
  }

  /* Nothing waited here, so the fields hold what the server has; where it is what this tablet last saw, which of them ask for
     something else by now? */
  function compare(record, kept, sections) {
    var seen = kept.seen || {}, isSame = kept.rev === record.rev && Object.keys(seen).length && Object.keys(kept.marks).length;
    record.changes = (kept.changes || []).concat(!isSame ? [] : sections.filter(function (section) {
      var was = seen[section.dataset.aspect];
      return !was || was.rules !== section.dataset.rules;
    }).map(function (section) {
      var value = marks.read(section), now = look(section);
      return { what: value === null ? "open" : "kept", name: title(section.dataset.aspect, now.name), had: value === null ? "" : inWords(now, value) };
    }));
    record.left = kept.left;
  }

  /* What was typed into an earlier form and reached nobody is in no field: it is told, with its values. */
  function tellLeft(record, sections) {
    var names = see(sections), left = record.left;
    record.left = null;
    record.changes = (record.changes || []).concat(Object.keys(left).map(function (key) {
      return { what: "left", name: title(key, names[key] && names[key].name), had: inWords(undefined, left[key]) };
    }));
  }

  /* Stays until the judge has looked at it, also over a new loading of the page. */
  function show(record, done) {
    var changes = record.changes || [];
    place.hidden = !changes.length;
    if (!changes.length) return;
    place.querySelector("[data-changes]").replaceChildren.apply(place.querySelector("[data-changes]"), changes.map(function (one) {
      var row = place.querySelector("[data-change=" + one.what + "]").content.cloneNode(true);
      row.querySelector("[data-name]").textContent = one.name;
      if (row.querySelector("[data-had]")) row.querySelector("[data-had]").textContent = one.had;
      return row;
    }));
    place.querySelector("[data-seen]").onclick = function () {
      record.changes = null;
      place.hidden = true;
      done();
    };
    place.scrollIntoView({ block: "center" });
  }

  window.sheetRules = { see: see, carry: carry, compare: compare, tellLeft: tellLeft, show: show };
})();

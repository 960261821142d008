/* The sheet page: buttons, keypad, autosave and the words that say where the marks are.
   Every number shown as points comes from the server's answer. */
(function () {
  "use strict";
  var form = document.getElementById("sheet-form");
  if (!form) return;
  var outbox = window.sheetOutbox, marks = window.sheetMarks, notes = window.sheetNotes, keypad = window.sheetKeypad, words = outbox.words;
  var sections = marks.sections(form);
  var state = document.getElementById("sheet-state");
  var chip = document.getElementById("sheet-clash");
  var record = Object.assign(outbox.blank(form.dataset.sheet), { door: form.dataset.door, code: form.dataset.code, contest: form.dataset.contest, rev: Number(form.dataset.rev), rules: form.dataset.rules, state: form.dataset.state });
  var saving = null;
  var unwritten = 0;
  var goingOn = false;
  var isPressed = false; // The button was pressed and nothing was said of it yet.
  var total = document.querySelector("[data-total]");
  var answered = total ? total.textContent : "–";
  var isLost = Boolean(document.querySelector("[data-sheet-lost]:not([hidden])"));
  var asked = {};
  var isLeaving = false;

  function showGiven() {
    var given = 0;
    sections.forEach(function (section) {
      var isGiven = marks.isGiven(section) && !(section.dataset.aspect in record.bad);
      given += isGiven ? 1 : 0;
      section.classList.toggle("is-given", isGiven);
      document.querySelector("[data-jump='" + section.dataset.aspect + "']").classList.toggle("is-given", isGiven);
      showEarned(section, isGiven);
      notes.showTwice(section);
      notes.showFar(section);
    });
    document.querySelector("[data-given]").textContent = given;
  }

  /* What a mark earns, and what is said of it, is the server's: "…" until it has answered for what is typed. */
  function showEarned(section, isGiven) {
    var key = section.dataset.aspect, place = section.querySelector("[data-points]");
    var isOld = JSON.stringify(marks.read(section)) !== asked[key];
    if (place && !isGiven) place.textContent = "–";
    else if (place && isOld) place.textContent = "…";
    if (isOld || !isGiven) notes.showNotes(section, {});
  }

  /* What the server has answered for: remembered as it was sent, since it may store "9.50" as "9.5". */
  function remember(sent) {
    asked = {};
    Object.keys(sent).forEach(function (key) { asked[key] = JSON.stringify(sent[key]); });
  }

  function showState() {
    if (unwritten) return; // Nothing is called saved before the tablet has written it.
    var bad = Object.keys(record.bad).length;
    var name = "stored";
    if (record.signedOut) name = "signIn";
    else if (record.clash) name = "conflict";
    else if (record.refused || bad) name = "refused";
    else if (record.queue.length && !record.waiting) name = "sending";
    else if (record.dirty || record.queue.length || saving) name = "local";
    else if (record.rev === 0) return;
    state.dataset.state = name;
    state.hidden = name === "conflict";
    chip.hidden = !state.hidden;
    state.querySelector("[data-state-text]").textContent = words[name];
    showTotal(name);
  }

  /* The sum is the server's: until it has answered for what is typed there is none to show. */
  function showTotal(name) {
    var isOld = record.dirty || record.queue.length || saving || record.clash;
    var lost = document.querySelector("[data-sheet-lost]");
    if (lost) lost.hidden = Boolean(isOld) || !isLost;
    if (!total) return; // A sheet that puts contestants in an order has no sum.
    total.textContent = isOld ? "…" : answered;
    total.classList.toggle("is-old", name !== "stored");
  }

  function bringNotice() {
    var place = document.getElementById("sheet-notice");
    if (!isPressed || !place.firstChild) return;
    isPressed = false;
    place.scrollIntoView({ block: "center" });
  }

  function read() {
    record.marks = {};
    sections.forEach(function (section) {
      var key = section.dataset.aspect, value = marks.read(section), old = record.bad[key];
      if (value !== null) record.marks[key] = value;
      if (marks.isBad(section)) {
        var range = section.querySelector("[data-range]");
        record.bad[key] = { value: value, sentence: range ? range.dataset.wrong.replace("{typed}", marks.wrongText(section)) : words.bad };
      } else if (old && JSON.stringify(old.value) !== JSON.stringify(value)) {
        delete record.bad[key];
      }
      notes.showError(section, record.bad[key] && record.bad[key].sentence);
    });
  }

  /* True when the record went over to another form, because of what another tab of this tablet had sent: what stands in
     this page's fields is no longer what it says, and its places are other lines. The page of that form comes instead. */
  function isElsewhere() {
    if (!record.rules || record.rules === form.dataset.rules) return false;
    if (!isLeaving) outbox.keep(record).then(function () { window.location.reload(); });
    isLeaving = true;
    return true;
  }

  function changed() {
    if (isElsewhere()) return;
    var before = record.marks;
    read();
    sections.forEach(function (section) {
      var key = section.dataset.aspect;
      if (JSON.stringify(before[key]) !== JSON.stringify(record.marks[key])) record.mine[key] = true;
    });
    record.dirty = true;
    record.refused = null;
    showGiven();
    clearTimeout(saving);
    saving = setTimeout(save, 250);
    write();
  }

  /* First onto the tablet, at every touch; then, a moment after the last touch, to the server. */
  function write() {
    unwritten += 1;
    return outbox.keep(record).then(function () {
      unwritten -= 1;
      showMerged();
      if (record.unkept || record.full) notes.say(record.unkept ? words.unkept : words.full, "warn");
      showState();
    });
  }

  function save() {
    clearTimeout(saving);
    saving = null;
    return write().then(function () {
      outbox.count();
      return outbox.flush(record);
    });
  }

  function link(text, href) {
    var anchor = document.createElement("a");
    anchor.className = "button outline";
    anchor.href = href;
    anchor.textContent = text;
    return anchor;
  }

  /* The server shows both versions; the same form that works without a script asks for them. */
  function chooseVersion() {
    // A copy on the tablet has no fresh token, and without a network there is nobody to ask.
    if (record.waiting) return void notes.say(words.waits, "warn");
    if (window.tabletPages.keptAt) return void window.location.reload();
    var both = document.createElement("input");
    both.type = "hidden";
    both.name = "both";
    both.value = "1";
    form.append(both);
    form.noValidate = true;
    HTMLFormElement.prototype.submit.call(form);
  }

  /* The rules were changed: this form is an old one. What is on the tablet comes into the new one when the page is there. */
  function loadAnew() {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "button large";
    button.textContent = words.loadAnew;
    button.addEventListener("click", function () { window.location.reload(); });
    notes.say(record.refused, "warn", button);
    // A copy is asked for again by hand, or two copies would follow each other without an end.
    if (!window.tabletPages.keptAt) window.location.reload();
  }

  /* In the sheet, and in the bar that is always in sight. */
  function showClash() {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "button large";
    button.textContent = words.look;
    button.addEventListener("click", chooseVersion);
    notes.say(record.clash.sentence, "bad", button);
  }

  /* What another tab of this tablet typed; the fields that were typed in here stay as they are. */
  function showMerged() {
    if (!record.isMerged || isElsewhere()) return;
    record.isMerged = false;
    sections.forEach(function (section) {
      var value = record.marks[section.dataset.aspect];
      if (JSON.stringify(marks.read(section)) !== JSON.stringify(value === undefined ? null : value)) marks.write(section, value);
    });
    showGiven();
  }

  function show(changedRecord, answer, isHandedIn) {
    if (changedRecord !== record || isElsewhere()) return;
    showMerged();
    if (record.left) {
      showChanges();
      outbox.keep(record);
    }
    if (isHandedIn && !window.tabletPages.keptAt) return void window.location.reload();
    if (answer) {
      if (answer.kind === "submit" || answer.body.state === "submitted") return void window.location.reload();
      answered = answer.body.missing.length === sections.length ? "–" : answer.body.total;
      isLost = answer.body.lost;
      remember(answer.sent);
      sections.forEach(function (section) {
        var key = section.dataset.aspect, earned = answer.body.aspects[key], place = section.querySelector("[data-points]");
        if (place) place.textContent = earned ? earned.points : "–";
        notes.showNotes(section, answer.body.notes[key] || {});
      });
      form.elements.base_rev.value = record.rev;
      notes.say("");
    }
    sections.forEach(function (section) {
      var bad = record.bad[section.dataset.aspect];
      notes.showError(section, bad && bad.sentence);
    });
    showGiven();
    showState();
    if (record.signedOut) notes.say(record.signedOut, "warn", link(words.signIn, form.dataset.signIn));
    else if (record.clash) showClash();
    else if (record.refused && record.outdated) loadAnew();
    else if (record.refused) notes.say(record.refused, "bad");
    else if (record.waiting && goingOn) sayWaits();
    else if (record.trouble) notes.say(record.trouble, "bad");
    bringNotice();
    if (goingOn) goOn();
  }

  /* The server's summary has to wait; the sheet can be checked and handed in here. */
  function sayWaits() {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "button large";
    button.textContent = words.checkHere;
    button.addEventListener("click", function () {
      goingOn = false;
      window.sheetCheck.show();
    });
    notes.say(record.trouble || words.waits, "warn", button);
  }

  function goOn() {
    var bad = sections.find(function (section) { return section.dataset.aspect in record.bad; });
    if (bad) {
      goingOn = false;
      notes.say(words.bad, "bad");
      bad.scrollIntoView({ block: "center" });
    } else if (!outbox.isPending(record) && !saving) {
      goingOn = false;
      window.location.assign(form.dataset.summary);
    } else if (record.clash || record.refused || record.signedOut) {
      goingOn = false;
    }
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    goingOn = Boolean(event.submitter && event.submitter.matches("[data-check]"));
    isPressed = goingOn;
    if (goingOn && record.waiting) {
      // The marks are on their way already and cannot leave: say so at once.
      sayWaits();
      bringNotice();
    }
    if (goingOn && window.tabletPages.keptAt && !saving && !record.dirty) {
      goingOn = false;
      return void window.sheetCheck.show();
    }
    (saving || record.dirty ? save() : Promise.resolve()).then(function () { if (goingOn) goOn(); });
  });

  form.addEventListener("input", function (event) {
    var section = event.target.closest("[data-aspect]");
    if (!section) return;
    if (event.target.matches("[data-void]") && event.target.checked) event.target.closest("label").parentNode.querySelector("[data-number]").value = "";
    if (event.target.matches("[data-number]")) keypad.unvoid(event.target);
    if (event.target.matches("[data-none]") && event.target.checked) section.querySelectorAll("[data-count]").forEach(function (field) { field.value = "0"; });
    if (event.target.matches("[data-count]") && !/^0?$/.test(event.target.value)) section.querySelector("[data-none]").checked = false;
    changed();
  });

  function count(button, direction) {
    var field = button.parentNode.querySelector("[data-count]");
    var next = Math.min(Math.max((Number(field.value) || 0) + direction, 0), Number(field.dataset.most));
    field.value = String(next);
    if (next > 0) button.closest("[data-aspect]").querySelector("[data-none]").checked = false;
    changed();
  }

  form.addEventListener("click", function (event) {
    var button = event.target.closest("button");
    if (!button) return;
    var section = button.closest("[data-aspect]");
    var field = section && section.querySelector("[data-number]");
    if (button.matches("[data-step-up], [data-step-down]")) {
      marks.step(field, button.matches("[data-step-up]") ? 1 : -1);
      changed();
    } else if (button.dataset.quick !== undefined) {
      field.value = button.dataset.quick;
      changed();
    } else if (button.matches("[data-count-up]")) count(button, 1);
    else if (button.matches("[data-count-down]")) count(button, -1);
    else if (button.matches("[data-clear]")) {
      marks.write(section, null);
      changed();
      (field || section.querySelector("input")).focus();
    } else if (button.dataset.key) keypad.press(button.dataset.key);
  });

  chip.addEventListener("click", chooseVersion);
  window.addEventListener("beforeunload", function (event) {
    if (record.unkept && outbox.isPending(record)) event.preventDefault();
  });

  document.documentElement.classList.add("has-sheet-script");
  keypad.begin(changed);
  outbox.onChange(show);
  sections.forEach(function (section) { asked[section.dataset.aspect] = JSON.stringify(marks.read(section)); });

  function writeMarks() {
    sections.forEach(function (section) { marks.write(section, record.marks[section.dataset.aspect]); });
  }

  /* The marks may have been typed into a form of other rules than this one has. */
  function meetRules() {
    if (!record.rules || record.rules === form.dataset.rules) {
      record.seen = window.sheetRules.see(sections);
    } else {
      window.sheetRules.carry(record, sections);
      record.bad = {};
      record.handing = null;
      record.dirty = true;
      read();
      Object.keys(record.marks).forEach(function (key) { record.mine[key] = true; });
    }
    record.rules = form.dataset.rules;
    record.outdated = false;
  }

  function showChanges() {
    if (record.left) window.sheetRules.tellLeft(record, sections);
    window.sheetRules.show(record, function () { outbox.keep(record); });
  }

  outbox.ready = outbox.ready.then(function () { return outbox.load(form.dataset.sheet); }).then(function (kept) {
    var isNews = kept && (outbox.isPending(kept) || kept.rev > record.rev || (window.tabletPages.keptAt && kept.rev === record.rev));
    if (!isNews) {
      record.seen = window.sheetRules.see(sections);
      if (kept) window.sheetRules.compare(record, kept, sections); // And what was not looked at yet.
      read();
      showChanges();
      return outbox.keep(record).then(function () {
        show(record); // What another tab has typed while this page was loading.
        window.sheetCheck.take(record);
      });
    }
    record = kept;
    record.mine = record.mine || {};
    // What a person could not settle before is tried once more when the page is opened again.
    record.refused = null;
    record.door = form.dataset.door;
    writeMarks();
    meetRules();
    show(record);
    showChanges();
    window.sheetCheck.take(record);
    return outbox.flush(record);
  });
})();

/* Checks a signed bulletin in the browser, where it can (Ed25519 in WebCrypto); the form asks the server otherwise. */
(function () {
  "use strict";
  var form = document.getElementById("verify-form"), answer = document.getElementById("verify-answer");
  var button = document.getElementById("verify-here"), words = form.dataset;
  var DOMAIN = new TextEncoder().encode("contest-bulletin/1\n");

  function bytesOf(text) {
    if (!/^([0-9a-f]{2})+$/.test(text)) throw new Error("not hexadecimal");
    return new Uint8Array(text.match(/../g).map(function (pair) { return parseInt(pair, 16); }));
  }
  function grouped(hex) { return hex.slice(0, 32).match(/.{4}/g).join(" "); }
  function plain(text) { return text.toLowerCase().replace(/[^0-9a-f]/g, ""); }
  function hexOf(buffer) { return Array.from(new Uint8Array(buffer)).map(function (one) { return one.toString(16).padStart(2, "0"); }).join(""); }

  function tell(kind, sentences, facts) {
    var notice = document.createElement("div");
    notice.className = "notice notice-" + kind;
    notice.setAttribute("role", kind === "bad" ? "alert" : "status");
    var text = document.createElement("p");
    text.textContent = sentences.filter(Boolean).join(" ");
    notice.append(text);
    var list = document.createElement("dl");
    list.className = "facts";
    (facts || []).forEach(function (pair) {
      var line = document.createElement("div"), label = document.createElement("dt"), value = document.createElement("dd");
      label.textContent = pair[0];
      value.textContent = pair[1];
      line.append(label, value);
      list.append(line);
    });
    answer.replaceChildren(notice, list);
  }

  function check() {
    var files = [form.elements.bulletin.files[0], form.elements.signature.files[0]];
    if (!files[0] || !files[1]) { form.reportValidity(); return Promise.resolve(); }
    return Promise.all([files[0].arrayBuffer(), files[1].text()]).then(function (read) {
      var data = new Uint8Array(read[0]), facts = JSON.parse(read[1]);
      var said = JSON.parse(new TextDecoder().decode(data));
      var signed = new Uint8Array(DOMAIN.length + data.length), key = bytesOf(facts.public_key);
      signed.set(DOMAIN);
      signed.set(data, DOMAIN.length);
      return crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]).then(function (opened) {
        return Promise.all([crypto.subtle.verify({ name: "Ed25519" }, opened, bytesOf(facts.signature), signed), crypto.subtle.digest("SHA-256", key)]);
      }).then(function (found) {
        if (!found[0]) return tell("bad", [words.broken]);
        var print = grouped(hexOf(found[1])), wanted = plain(form.elements.key.value);
        var isOurs = wanted && wanted === plain(print);
        tell(wanted && !isOurs ? "bad" : isOurs ? "good" : "warn", [words.holds, wanted ? (isOurs ? words.ours : words.foreign) : words.compare, words.offline], [
          [said.contest.name, said.stage.name], [words.revision, said.revision], [words.listed, said.list.length],
          [words.chain, said.chain.seq + ": " + grouped(said.chain.hash)], [words.key, print]
        ]);
        return undefined;
      });
    }).catch(function () { tell("bad", [words.unreadable]); });
  }

  if (!window.crypto || !crypto.subtle) return;
  crypto.subtle.importKey("raw", new Uint8Array(32), { name: "Ed25519" }, false, ["verify"]).then(function () {
    button.hidden = false;
    button.addEventListener("click", check);
  }, function () { button.hidden = true; });
})();

/* Checks a certificate's code in the browser: the signature here, the list by asking the server. Nothing of the code leaves the page before its signature holds. */
(function () {
  "use strict";
  var here = document.getElementById("certificate-here"), said = document.getElementById("certificate-said");
  var form = document.getElementById("certificate-form"), words = here.dataset;
  var DOMAIN = new TextEncoder().encode("contest-certificate/1\n"), HEAD = 21, SIGNATURE = 64;

  function unhex(text) { return new Uint8Array(text.match(/../g).map(function (pair) { return parseInt(pair, 16); })); }

  function read(text) {
    if (!/^[A-Za-z0-9_-]{120,2000}$/.test(text)) throw new Error("not a code");
    var raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    var bytes = Uint8Array.from(raw, function (sign) { return sign.charCodeAt(0); });
    if (bytes[0] !== 1 || bytes.length <= HEAD + SIGNATURE) throw new Error("not a code");
    var data = bytes.slice(0, -SIGNATURE);
    var fields = new TextDecoder("utf-8", { fatal: true }).decode(data.slice(HEAD)).split("\u001f");
    if (fields.length !== 6) throw new Error("not a code");
    return { data: data, signature: bytes.slice(-SIGNATURE), hint: data.slice(1, 5), fields: fields };
  }

  function tell(kind, sentence, fields) {
    var notice = document.createElement("div"), text = document.createElement("p"), list = document.createElement("dl");
    notice.className = "notice notice-" + kind;
    text.textContent = sentence;
    notice.append(text);
    list.className = "facts";
    [["number", 0], ["name", 1], ["prize", 2], ["event", 3], ["issuer", 4], ["day", 5]].forEach(function (pair) {
      if (!fields) return;
      var line = document.createElement("div"), label = document.createElement("dt"), value = document.createElement("dd");
      label.textContent = words[pair[0]];
      value.textContent = fields[pair[1]];
      line.append(label, value);
      list.append(line);
    });
    here.replaceChildren(notice, list);
    here.dataset.state = kind;
  }

  function holdsUnder(hex, code) {
    var key = unhex(hex), signed = new Uint8Array(DOMAIN.length + code.data.length);
    signed.set(DOMAIN);
    signed.set(code.data, DOMAIN.length);
    return crypto.subtle.digest("SHA-256", key).then(function (hash) {
      var hint = new Uint8Array(hash).slice(0, 4);
      if (hint.some(function (byte, at) { return byte !== code.hint[at]; })) return false;
      return crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]).then(function (opened) {
        return crypto.subtle.verify({ name: "Ed25519" }, opened, code.signature, signed);
      });
    });
  }

  function ask(text) {
    var body = new FormData(form);
    body.set("code", text);
    body.delete("number");
    return fetch(form.action, { method: "POST", body: body, headers: { "HX-Request": "true" } }).then(function (answer) {
      if (!answer.ok) throw new Error("no answer");
      return answer.text();
    }).then(function (html) {
      var found = new DOMParser().parseFromString(html, "text/html").getElementById("certificate-said");
      if (!found) throw new Error("no answer");
      said.replaceWith(found);
      said = found;
      here.replaceChildren();
      here.dataset.state = found.dataset.state;
    });
  }

  function check() {
    var text = location.hash.slice(1), code;
    if (!text) return;
    try { code = read(text); } catch (_error) { tell("bad", words.broken); return; }
    if (!window.crypto || !crypto.subtle) { ask(text).catch(function () { here.replaceChildren(); }); return; }
    Promise.all(words.keys.trim().split(/\s+/).filter(Boolean).map(function (hex) { return holdsUnder(hex, code); })).then(function (found) {
      if (!found.some(Boolean)) { tell("bad", words.broken); return undefined; }
      tell("warn", words.asking, code.fields);
      return ask(text).catch(function () { tell("warn", words.holds, code.fields); });
    }, function () { return ask(text); }); // a browser without Ed25519 lets the server check
  }

  window.addEventListener("hashchange", check);
  check();
  if ("serviceWorker" in navigator) navigator.serviceWorker.register(words.worker, { scope: "/c" }).catch(function () { return undefined; });
})();

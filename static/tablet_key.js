/* The tablet's own key: made here once, its private half never leaves the browser and can be read by no script. Every operation is signed
   with it when it is sent or saved, with the judge, the sheet and the installation it is for. Without https a browser signs nothing. */
(function () {
  "use strict";
  var installation = document.currentScript.dataset.installation || "";
  var store = window.tabletStore;
  var CURVE = { name: "ECDSA", namedCurve: "P-256" }, SIGNING = { name: "ECDSA", hash: "SHA-256" };
  var PATIENCE = 15000;
  var held = null;

  function base64(buffer) {
    var text = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  /* The one that is kept, or a new one; of two tabs that make one at once the first stands. */
  function find() {
    return store.get("facts", "key").then(function (kept) { return kept || make(); });
  }

  function make() {
    return window.crypto.subtle.generateKey(CURVE, false, ["sign"]).then(function (pair) {
      return window.crypto.subtle.exportKey("raw", pair.publicKey).then(function (raw) {
        var made = { key: pair.privateKey, public: base64(raw), print: window.sha256(new Uint8Array(raw)).slice(0, 16) };
        return store.write([["facts", "key", function (kept) { return kept || made; }]]);
      });
    }).then(function () { return store.get("facts", "key"); });
  }

  /* null where nothing can be signed: no https, or a browser that keeps no key. A key that is not kept would be another one each time. */
  function own() {
    if (!(window.crypto && window.crypto.subtle)) return Promise.resolve(null);
    held = held || find().catch(function () { held = null; return null; });
    return held;
  }

  function sign(lines) {
    return own().then(function (key) {
      if (!key) return null;
      return window.crypto.subtle.sign(SIGNING, key.key, new TextEncoder().encode(lines.join("\n"))).then(function (raw) {
        return { print: key.print, public: key.public, signature: base64(raw) };
      });
    });
  }

  /* The headers that carry an operation's signature; {} where there is none. A report is not signed: it is no mark. */
  function signature(operation) {
    if (operation.kind === "flag") return Promise.resolve({});
    return sign(["contest-operation/1", operation.installation || "", operation.user, operation.sheet, operation.body]).then(function (made) {
      return made ? { "X-Key": made.print, "X-Signature": made.signature } : {};
    });
  }

  /* What shows the key to a server: its public half, signed by the private one. */
  function card() {
    return store.device().then(function (device) {
      return own().then(function (key) {
        return key && sign(["contest-key/1", installation, device.id, key.public]).then(function (made) {
          return { device_id: device.id, name: device.name, public: made.public, signature: made.signature };
        });
      });
    });
  }

  /* Whoever sends alone may wait for this: no longer than for an operation. */
  function show(headers) {
    var stop = new AbortController(), limit = setTimeout(function () { stop.abort(); }, PATIENCE);
    return card().then(function (made) {
      if (!made) throw new Error("no key");
      return fetch("/api/v1/tablets/keys", { method: "POST", credentials: "same-origin", signal: stop.signal, headers: headers, body: JSON.stringify(Object.assign({ v: 2 }, made)) });
    }).finally(function () { clearTimeout(limit); }).then(function (response) {
      if (response.ok && response.headers.get("X-App") === "contest") return undefined;
      return response.json().then(function (body) { throw Object.assign(new Error("key refused"), { sentence: body.error && body.error.message }); });
    });
  }

  /* As people compare it: four groups of four; "" where there is none. */
  function print() {
    return own().then(function (key) { return key ? key.print.toUpperCase().match(/.{4}/g).join(" ") : ""; });
  }

  /* As soon as a page is there, and once for each installation, so that the first mark need not ask twice. Whatever comes between, a
     network that goes or a server set back: the server asks for the key when it needs it. */
  function introduce() {
    var fact = "key-shown:" + installation;
    return Promise.all([own(), store.get("facts", fact)]).then(function (found) {
      if (!found[0] || found[1] === found[0].print) return undefined;
      return show(window.tabletDoor.headers()).then(function () { return store.write([["facts", fact, found[0].print]]); });
    }).catch(function () { return undefined; });
  }

  document.addEventListener("DOMContentLoaded", introduce);
  window.tabletKey = { signature: signature, card: card, show: show, print: print };
})();

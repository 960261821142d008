/* What a tablet keeps: every judge's sheets and operations in IndexedDB, and what is not yet sent in localStorage too.
   One transaction writes all that belongs together, and it is on the disk before anything is called saved. */
(function () {
  "use strict";
  var NAME = "contest-tablet";
  var STORES = ["records", "operations", "facts"];
  var LEASE = 15000;
  var opened = null;

  function newId() {
    var bytes = window.crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    var hex = Array.from(bytes, function (byte) { return (byte + 256).toString(16).slice(1); }).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  function open() {
    if (opened) return opened;
    opened = new Promise(function (resolve, reject) {
      var asked = window.indexedDB.open(NAME, 1);
      asked.onupgradeneeded = function () {
        STORES.forEach(function (store) { asked.result.createObjectStore(store); });
      };
      asked.onsuccess = function () {
        asked.result.onversionchange = function () { asked.result.close(); opened = null; };
        asked.result.onclose = function () { opened = null; };
        resolve(asked.result);
      };
      asked.onerror = function () { reject(asked.error); };
    });
    opened.catch(function () { opened = null; });
    return opened;
  }

  /* Runs `work(transaction)`; what it returns comes back when everything is on the disk. */
  function transact(mode, work, durability) {
    return open().then(function (base) {
      return new Promise(function (resolve, reject) {
        var transaction = base.transaction(STORES, mode, { durability: durability || "strict" });
        var result;
        transaction.oncomplete = function () { resolve(typeof result === "function" ? result() : result); };
        transaction.onerror = transaction.onabort = function () { reject(transaction.error || new Error("not written")); };
        result = work(transaction);
      });
    });
  }

  /* A value may be a function: of the entry as it stands, which another tab may have written, it makes the new one. */
  function putOne(transaction, change) {
    var store = transaction.objectStore(change[0]);
    if (change[2] === null) store.delete(change[1]);
    else if (typeof change[2] !== "function") store.put(change[2], change[1]);
    else store.get(change[1]).onsuccess = function (event) { store.put(change[2](event.target.result), change[1]); };
  }

  /* changes: [store, key, value]; a value of null takes the entry away. What is typed is on the disk when this is done;
     `isNote`: only what became of an operation, which the server would say again. */
  function write(changes, isNote) {
    return transact("readwrite", function (transaction) {
      changes.forEach(function (change) { putOne(transaction, change); });
    }, isNote ? "relaxed" : "strict");
  }

  function all(store, prefix) {
    return transact("readonly", function (transaction) {
      var asked = transaction.objectStore(store).getAll(IDBKeyRange.bound(prefix, prefix + "\uffff"));
      return function () { return asked.result; };
    }, "relaxed");
  }

  function get(store, key) {
    return transact("readonly", function (transaction) {
      var asked = transaction.objectStore(store).get(key);
      return function () { return asked.result; };
    });
  }

  /* The second copy, which takes only text and little of it. True when it holds. */
  function mirror(key, value) {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(value));
      return true;
    } catch (refused) {
      return false;
    }
  }

  function mirrored(prefix) {
    var found = [];
    try {
      for (var at = 0; at < localStorage.length; at += 1) {
        var key = localStorage.key(at);
        if (key.indexOf(prefix) === 0) found.push(JSON.parse(localStorage.getItem(key)));
      }
    } catch (refused) {
      return found; // A damaged second copy is no copy; the first one stands.
    }
    return found;
  }

  /* The tablet's own id and the number of its latest operation, in both stores; the higher number stands. */
  function ownDevice(fact) {
    var second = mirrored("tablet-device")[0];
    var known = fact || second || { id: newId().replace(/-/g, "") };
    if (second && second.id === known.id && (second.seq || 0) > (known.seq || 0)) known = second;
    return { id: known.id, seq: known.seq || 0, last: known.last || "", name: known.id.slice(0, 4).toUpperCase() };
  }

  function device() {
    return get("facts", "device").catch(function () { return undefined; }).then(function (fact) {
      var own = ownDevice(fact);
      mirror("tablet-device", own);
      return fact ? own : write([["facts", "device", own]]).catch(function () { return undefined; }).then(function () { return own; });
    });
  }

  /* Counts on and writes the new operation in one transaction, so that no two tabs give one number twice. `make` gives the operation,
     the changes, and maybe `unwritten`: what follows when the first store did not take them. It is told the SHA-256 of the bytes of the
     operation before (`last`), by which the server and anybody later can tell that none is missing between two. */
  function number(make) {
    var made;
    return transact("readwrite", function (transaction) {
      var facts = transaction.objectStore("facts");
      facts.get("device").onsuccess = function (event) {
        var own = ownDevice(event.target.result);
        made = next(own, make);
        // Before the first store is asked: what it may refuse must not give the number twice.
        mirror("tablet-device", own);
        facts.put(own, "device");
        made.changes.forEach(function (change) { putOne(transaction, change); });
      };
      return function () { return made.operation; };
    }).catch(function () {
      // The disk is full or there is none: the second copy still counts, and the operation still goes.
      var own = ownDevice(made ? null : undefined);
      if (!made) made = next(own, make);
      if (made.unwritten) made.unwritten();
      mirror("tablet-device", own);
      return made.operation;
    });
  }

  function next(own, make) {
    own.seq += 1;
    var made = make(own);
    own.last = window.sha256(made.operation.body);
    return made;
  }

  /* What the keys of an installation's notebook begin with. The first one that this tablet met has the plain keys, since it
     is the one of whatever is kept from before tablets knew of installations. */
  function notebook(installation) {
    var home = mirrored("tablet-home")[0];
    if (!installation || home === installation) return "";
    if (home !== undefined) return installation + "/";
    mirror("tablet-home", installation);
    return "";
  }

  /* One tab at a time sends. Without the browser's locks (plain HTTP) a lease that runs out stands in. */
  function alone(work) {
    if (navigator.locks) return navigator.locks.request("contest-sending", work);
    var own = newId();
    function lease() { return mirrored("tablet-lease")[0]; }
    function renew() { mirror("tablet-lease", { own: own, until: Date.now() + LEASE }); }
    var held = lease(), left = held ? held.until - Date.now() : 0;
    // One that would hold longer than any lease does is of a clock that was set back since.
    if (left > 0 && left <= LEASE) return Promise.resolve("busy");
    renew();
    return new Promise(function (resolve) { setTimeout(resolve, 20); }).then(function () {
      if ((lease() || {}).own !== own) return "busy";
      var going = setInterval(renew, LEASE / 3);
      return Promise.resolve(work()).finally(function () {
        clearInterval(going);
        mirror("tablet-lease", null);
      });
    });
  }

  window.tabletStore = { newId: newId, write: write, all: all, get: get, mirror: mirror, mirrored: mirrored, device: device, number: number, notebook: notebook, alone: alone };
})();

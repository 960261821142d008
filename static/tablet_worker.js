/* Opens a judge's pages when the network is gone, from the copies that tablet_pages.js put aside.
   It stores no page itself, and a copy always says of itself that it is one (data-kept-at). */
"use strict";
var PAGES = "judge-pages";
var PARTS = "judge-parts";
var PATIENCE = 5000;

self.addEventListener("install", function () { self.skipWaiting(); });
self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });

self.addEventListener("fetch", function (event) {
  var request = event.request, at = new URL(request.url);
  if (request.method !== "GET" || at.origin !== self.location.origin) return;
  if (at.pathname.indexOf("/static/") === 0) event.respondWith(part(request));
  else if (request.mode === "navigate" && at.pathname.indexOf("/judging") === 0) event.respondWith(page(request));
});

function patient(answer) {
  return Promise.race([answer, new Promise(function (resolve, reject) {
    setTimeout(function () { reject(new Error("too slow")); }, PATIENCE);
  })]);
}

/* A redirection (to the sign-in page, say) is the server's word too; a captive portal and a fault are not. */
function page(request) {
  return patient(fetch(request)).then(function (answer) {
    var isOurs = answer.type === "opaqueredirect" || (answer.headers.get("X-App") === "contest" && answer.status < 500);
    if (!isOurs) throw new Error("not our server");
    return answer;
  }).catch(function () { return kept(request); });
}

function kept(request) {
  var path = new URL(request.url).pathname;
  // The server's summary needs the server; the sheet itself can be checked on the tablet.
  if (/\/summary$/.test(path)) return Response.redirect(path.replace(/\/summary$/, "") + "#sheet-check", 302);
  return caches.open(PAGES).then(function (cache) {
    return cache.match(path).then(function (copy) { return copy || cache.match("/judging"); });
  }).then(function (copy) {
    if (!copy) return Response.error();
    return copy.text().then(function (text) {
      var marked = text.replace("<html ", '<html data-kept-at="' + copy.headers.get("X-Kept-At") + '" ');
      return new Response(marked, { status: 200, headers: copy.headers });
    });
  });
}

function part(request) {
  return patient(fetch(request)).then(function (answer) {
    if (!answer.ok) throw new Error("not there");
    keepPart(request, answer.clone());
    return answer;
  }).catch(function () {
    return caches.match(request, { cacheName: PARTS, ignoreSearch: true, ignoreVary: true }).then(function (copy) { return copy || Response.error(); });
  });
}

function keepPart(request, answer) {
  return caches.open(PARTS).then(function (cache) {
    return cache.match(request, { ignoreVary: true }).then(function (old) {
      var isSame = old && old.headers.get("ETag") === answer.headers.get("ETag") && old.headers.get("Last-Modified") === answer.headers.get("Last-Modified");
      return isSame ? undefined : cache.put(request, answer);
    });
  }).catch(function () { return undefined; }); // A full tablet keeps what it has; the page in use is not harmed.
}

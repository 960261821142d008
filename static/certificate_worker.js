/* Keeps the page that checks certificates and its parts, so that it opens without a network. */
"use strict";
var KEPT = "certificate-check-1";
self.addEventListener("install", function (event) {
  event.waitUntil(fetch("/c").then(function (answer) {
    return answer.clone().text().then(function (html) {
      var parts = (html.match(/(?:href|src)="(\/static\/[^"#]+)/g) || []).map(function (found) { return found.split('"')[1]; });
      return caches.open(KEPT).then(function (cache) { return cache.put("/c", answer).then(function () { return cache.addAll(Array.from(new Set(parts))); }); });
    });
  }).then(function () { return self.skipWaiting(); }));
});
self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });
self.addEventListener("fetch", function (event) {
  if (event.request.method !== "GET") return;
  event.respondWith(fetch(event.request).then(function (answer) {
    if (answer.ok && new URL(event.request.url).pathname === "/c") {
      var copy = answer.clone();
      caches.open(KEPT).then(function (cache) { return cache.put("/c", copy); });
    }
    return answer;
  }).catch(function () {
    return caches.match(event.request, { cacheName: KEPT, ignoreVary: true, ignoreSearch: true }).then(function (kept) { return kept || Response.error(); });
  }));
});

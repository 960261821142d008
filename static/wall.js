/* The wall: turns the pages by itself, keeps the clock of the pages, and puts a new mark in the spotlight. */
(function () {
  "use strict";
  var board = document.getElementById("board");
  var lists = Array.from(document.querySelectorAll("[data-wall-list]"));
  if (!board || !lists.length) return;
  var still = window.matchMedia("(prefers-reduced-motion: reduce)");
  var asked = new URLSearchParams(window.location.search);
  var seconds = Math.min(Math.max(Number(asked.get("seconds")) || 9, 3), 120);
  var only = asked.get("show");
  var rowsPerPage = Math.min(Math.max(Number(asked.get("rows")) || 8, 3), 20);
  var fitting = rowsPerPage;
  var pages = document.getElementById("wall-pages");
  var spotlight = document.getElementById("wall-spotlight");
  var at = { list: 0, page: 0 };
  var timer = null;

  if (only) lists = lists.filter(function (list) { return list.dataset.wallList === only; });
  if (!lists.length) lists = Array.from(document.querySelectorAll("[data-wall-list]"));
  board.classList.add("is-paged", "rows-" + rowsPerPage);

  function rows(list) { return Array.from(list.querySelectorAll("tbody > tr")); }
  /* Who has no place yet is not paged through, except when nobody has one. */
  function placed(list) {
    var all = rows(list);
    var some = all.filter(function (row) { return row.dataset.place; });
    return some.length ? some : all;
  }
  function count(list) { return Math.max(1, Math.ceil(placed(list).length / fitting)); }

  function showRows(list, shown, first) {
    rows(list).forEach(function (row) {
      var place = shown.indexOf(row);
      row.hidden = place < first || place >= first + fitting;
    });
  }
  /* A title on two lines leaves less room: a page has no row that the foot would cut. */
  function fit(list, shown) {
    fitting = rowsPerPage;
    showRows(list, shown, 0);
    while (fitting > 1 && list.offsetHeight > list.parentElement.clientHeight) {
      fitting -= 1;
      showRows(list, shown, 0);
    }
  }

  function show() {
    document.querySelectorAll("[data-wall-list]").forEach(function (list) { list.hidden = list !== lists[at.list]; });
    var shown = placed(lists[at.list]);
    fit(lists[at.list], shown);
    if (at.page >= count(lists[at.list])) at.page = 0;
    var first = at.page * fitting;
    showRows(lists[at.list], shown, first);
    var page = shown.slice(first, first + fitting);
    if (pages && page.length && page[0].dataset.place) {
      pages.textContent = pages.dataset.words.replace("{a}", page[0].dataset.place).replace("{b}", page[page.length - 1].dataset.place);
    }
  }

  function turn(enter) {
    show();
    if (!still.matches && enter) {
      rows(lists[at.list]).filter(function (row) { return !row.hidden; }).forEach(function (row, number) {
        row.animate([{ opacity: 0, transform: "translateY(1.2em)" }, { opacity: 1, transform: "none" }], { duration: 420, delay: number * 45, fill: "backwards", easing: "ease-out" });
      });
    }
    window.clearTimeout(timer);
    // The first page of a list is what people wait for: it stays twice as long.
    timer = window.setTimeout(next, seconds * 1000 * (at.page === 0 ? 2 : 1));
  }

  function next() {
    at.page += 1;
    if (at.page >= count(lists[at.list])) at = { list: (at.list + 1) % lists.length, page: 0 };
    turn(true);
  }

  var lastMark = "";
  var dimming = null;

  function newest() { return document.querySelector("#wall-news li[data-key]"); }

  function shine() {
    var news = newest();
    var mark = news ? news.dataset.key + " " + news.dataset.mark : "";
    if (!news || mark === lastMark) return;
    lastMark = mark;
    spotlight.replaceChildren.apply(spotlight, Array.from(news.cloneNode(true).childNodes));
    spotlight.classList.toggle("is-long", news.querySelector(".wall-news-who b").textContent.length > 6);
    spotlight.hidden = false;
    if (!still.matches) spotlight.animate([{ opacity: 0, transform: "translateY(3em)" }, { opacity: 1, transform: "none" }], { duration: 500, easing: "cubic-bezier(.2,.9,.3,1)" });
    window.clearTimeout(dimming);
    dimming = window.setTimeout(function () { spotlight.hidden = true; }, 6000);
  }

  document.addEventListener("board:changed", function (event) {
    show();
    if (!event.detail.reload) shine();
    else lastMark = newest() ? newest().dataset.key + " " + newest().dataset.mark : "";
  });

  window.addEventListener("resize", show);
  if (document.fonts) document.fonts.ready.then(show);

  lastMark = newest() ? newest().dataset.key + " " + newest().dataset.mark : "";
  turn(false);
})();

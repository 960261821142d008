/* What every shell does beyond plain HTML: the colour switch, menus that close, the print button, and the rule that
   a failed request never replaces content: it becomes a sentence in #notice. */
(function () {
  "use strict";
  var root = document.documentElement;
  var deviceDark = window.matchMedia("(prefers-color-scheme: dark)");

  function isDark() {
    var chosen = root.getAttribute("data-theme");
    return chosen ? chosen === "dark" : deviceDark.matches;
  }

  function showTheme() {
    document.querySelectorAll("[data-theme-switch]").forEach(function (button) {
      button.hidden = false;
      button.setAttribute("aria-pressed", String(isDark()));
    });
  }

  function changeTheme() {
    var wanted = isDark() ? "light" : "dark";
    var follows = (wanted === "dark") === deviceDark.matches;
    if (follows) root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", wanted);
    try {
      if (follows) localStorage.removeItem("theme");
      else localStorage.setItem("theme", wanted);
    } catch (refused) {
      root.setAttribute("data-theme-kept", "no");
    }
    showTheme();
  }

  function closeMenus(except) {
    document.querySelectorAll("details[data-menu][open]").forEach(function (menu) {
      if (!except || !menu.contains(except)) menu.open = false;
    });
  }

  document.addEventListener("click", function (event) {
    var target = event.target;
    if (target.closest("[data-theme-switch]")) changeTheme();
    if (target.closest("[data-print]")) window.print();
    var closer = target.closest("[data-close]");
    if (closer) {
      var menu = closer.closest("details");
      if (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      } else {
        closer.closest(".notice").remove();
      }
    }
    closeMenus(target);
  });

  // A browser cannot point at a field inside a closed fold, and would then send nothing without a word.
  document.addEventListener("invalid", function (event) {
    for (var fold = event.target.closest("details"); fold; fold = fold.parentElement.closest("details")) {
      fold.open = true;
    }
  }, true);

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    var open = document.querySelector("details[data-menu][open]");
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });

  deviceDark.addEventListener("change", showTheme);

  /* A row of tabs that is longer than the screen begins where the person is. */
  function showCurrent() {
    document.querySelectorAll(".contest-menu ul, .main-nav").forEach(function (row) {
      var here = row.querySelector("[aria-current]");
      if (here) row.scrollLeft = here.offsetLeft - row.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
    });
  }

  /* The chosen file's name, in the field that a file is dropped into. */
  document.addEventListener("change", function (event) {
    if (!event.target.matches(".drop input[type=file]")) return;
    var names = Array.from(event.target.files, function (file) { return file.name; });
    event.target.closest(".drop").querySelector("[data-chosen]").textContent = names.join(window.listMark);
  });

  function notice() {
    return document.getElementById("notice");
  }

  function say(from) {
    var place = notice();
    if (!place) return;
    place.replaceChildren.apply(place, Array.from(from.cloneNode(true).childNodes));
    place.scrollIntoView({ block: "nearest" });
  }

  function sayTemplate(name) {
    var template = document.querySelector("template[data-notice='" + name + "']");
    if (template) say(template.content);
  }

  /* htmx 4 would swap any answer. A whole page (a proxy's error, a sign-in page) must not land in a piece, and a 5xx
     answer is never content: its notice is taken out of it, or ours is shown. A 4xx piece of ours goes where it says. */
  document.addEventListener("htmx:response:error", function (event) {
    var ctx = event.detail.ctx;
    var isPage = /<html[\s>]/i.test(ctx.text || "");
    if (ctx.response.status < 500 && !isPage) return;
    ctx.hx.reswap = "none";
    delete ctx.hx.retarget;
    var sent = new DOMParser().parseFromString(ctx.text || "", "text/html").getElementById("notice");
    if (sent && sent.textContent.trim()) say(sent);
    else sayTemplate("server");
  });

  /* A request that was sent on to a whole page (the sign-in page, when a session has ended) takes the person there. */
  document.addEventListener("htmx:after:request", function (event) {
    var ctx = event.detail.ctx;
    var raw = ctx.response.raw;
    if (!raw.redirected || raw.status >= 400 || ctx.request.headers["HX-Request-Type"] === "full") return;
    if (/<html[\s>]/i.test(ctx.text || "")) ctx.hx.redirect = raw.url;
  });

  document.addEventListener("htmx:error", function (event) {
    if (event.detail.ctx && !event.detail.ctx.response) sayTemplate("network");
  });

  /* A request that went through clears what an earlier one had to say. */
  document.addEventListener("htmx:after:swap", function (event) {
    var ctx = event.detail.ctx;
    var place = notice();
    if (place && ctx.response && ctx.response.status < 400 && ctx.request.method !== "GET") place.replaceChildren();
  });

  /* No answer yet: whoever has sent something hears of it within 5 s, though the server's own word may take longer. A form that
     brings a file (data-file) leaves its page where it is, and nobody can tell when the file came. */
  var SLOW = 3000, slow = new Map();

  function expectAnswer(to) {
    forgetAnswer(to);
    slow.set(to, setTimeout(function () { sayTemplate("slow"); }, SLOW));
  }

  function forgetAnswer(to) {
    clearTimeout(slow.get(to));
    slow.delete(to);
    if (!slow.size) document.querySelectorAll("#notice [data-slow]").forEach(function (said) { said.remove(); });
  }

  window.addEventListener("submit", function (event) {
    var form = event.target;
    if (!event.defaultPrevented && form.method === "post" && !("file" in form.dataset)) expectAnswer(form);
  });
  window.addEventListener("pagehide", function () { Array.from(slow.keys()).forEach(forgetAnswer); });
  document.addEventListener("htmx:before:request", function (event) {
    if (event.detail.ctx.request.method !== "GET") expectAnswer(event.detail.ctx);
  });
  document.addEventListener("htmx:finally:request", function (event) { forgetAnswer(event.detail.ctx); });

  /* A judge's pages that a tablet keeps for the time without a network belong to nobody else: they go when the
     judge signs out, and when somebody else is signed in. The marks that wait to be sent stay. */
  function dropPages() {
    return "caches" in window ? caches.delete("judge-pages") : Promise.resolve();
  }

  function dropOthersPages() {
    var person = document.body.dataset.person;
    if (!person || !("caches" in window)) return;
    caches.has("judge-pages").then(function (isThere) {
      if (!isThere) return undefined;
      return caches.match("/judging-owner", { cacheName: "judge-pages" }).then(function (owner) {
        return owner ? owner.text().then(function (known) { return known === person ? undefined : dropPages(); }) : undefined;
      });
    });
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.getAttribute("action") !== "/sign-out" || form.dataset.cleared) return;
    event.preventDefault();
    var unsent = document.getElementById("unsent");
    if (unsent && !unsent.hidden && !form.dataset.warned) {
      form.dataset.warned = "yes";
      sayTemplate("unsent");
      return;
    }
    form.dataset.cleared = "yes";
    dropPages().catch(function () { return undefined; }).then(function () { form.submit(); });
  });

  showTheme();
  showCurrent();
  dropOthersPages();
})();

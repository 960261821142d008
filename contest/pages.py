"""Showing pages: whole page or piece, refusals, filters and the headers every answer carries."""

import logging
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import (
    current_app,
    flash,
    g,
    has_request_context,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import Babel, get_locale, gettext
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.routing import IntegerConverter

from contest import kept_forms, kept_words, no_nul, signals
from contest.db import about_to_write, db
from contest.errors import Invalid, Refusal
from contest.i18n import LANGUAGES, N_, TwoNames, pick_name
from contest.numbers import LARGEST, size_words

babel, csrf = Babel(), CSRFProtect()
log = logging.getLogger(__name__)

# Accounts say here how it is found out who asks: fn() sets g.person.
WHO_ASKS = []

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)

# For the one page that other sites may show in a frame: it is public and nothing can be done in it.
FRAMED_POLICY = POLICY.replace("frame-ancestors 'self'", "frame-ancestors *")

STATUS_SENTENCES = {
    400: N_("The request could not be understood."),
    404: N_("There is no such page."),
    405: N_("This address does not take that kind of request."),
    429: N_("Too many attempts; wait a little and try again."),
    500: N_("Something went wrong on our side. Nothing was saved; please try again."),
}


class RowNumber(IntegerConverter):
    """`<int:…>` in an address: a number that no row can have is no address of ours."""

    def __init__(self, url_map, *args, **options):
        super().__init__(url_map, *args, **{"max": LARGEST, **options})


def init_pages(app):
    """Give the application its languages, filters, headers and error pages."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    app.config["BABEL_DEFAULT_LOCALE"] = "en"  # the language the sentences are written in
    app.url_map.converters["int"] = RowNumber
    babel.init_app(app, locale_selector=_asked_language)
    csrf.init_app(app)
    app.before_request(_note_writing)
    app.before_request(no_nul.check_request)
    app.after_request(_add_headers)
    app.teardown_request(lambda _error: about_to_write(False))
    app.register_error_handler(Refusal, show_refusal)
    app.register_error_handler(CSRFError, _show_csrf_error)
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(OperationalError, _show_no_database)
    app.register_error_handler(Exception, show_fault)
    app.context_processor(_facts_for_all)
    app.jinja_env.globals.update(find_address=find_address, is_only_here=is_only_here)
    # A page has a hundred of them: their address is not looked up for each.
    app.jinja_env.globals["icons"] = f"{app.static_url_path}/icons.svg"
    app.template_filter("named")(named)
    app.template_filter("points")(points)
    app.template_filter("moment")(moment)
    app.template_filter("day")(day)
    app.template_filter("say")(say)
    app.template_filter("sentence")(sentence)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def language():
    """The language of this request; without one (a command) that in which gettext speaks."""
    return _asked_language() if has_request_context() else get_locale().language


def _asked_language():
    """The person's choice, else the browser's, else Chinese."""
    chosen = session.get("language") or (g.person.language if g.get("person") else None)
    if chosen in LANGUAGES:
        return chosen
    return request.accept_languages.best_match(LANGUAGES, default="zh")


def wants_piece():
    """True when htmx will put the answer inside a page that is already open."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def show(page, piece=None, /, status=200, **facts):
    """Render `piece` alone for htmx, else the whole `page` that includes it."""
    template = piece if piece and wants_piece() else page
    answer = make_response(render_template(template, **facts), status)
    answer.vary.add("HX-Request")
    answer.vary.add("Accept-Language")
    answer.vary.add("Cookie")
    return answer


def say(refusal):
    """The sentence of a refusal (or a plain marked sentence) in the language of this request."""
    if isinstance(refusal, Refusal):
        own = gettext(refusal.message, **{k: _shown(v) for k, v in refusal.params.items()})
        return " ".join((own, *map(say, refusal.also)))
    return _shown(refusal) if refusal else ""


def sentence(stored):
    """A sentence that was stored as {"message": …, "params": …}, in the language of this request."""
    if not stored:
        return ""
    message, params = stored["message"], stored["params"]
    return gettext(message, **{k: _shown(v) for k, v in params.items()})


def _shown(value):
    if isinstance(value, dict):  # names in both languages, as i18n.stored_params keeps them
        return value[language()]
    if isinstance(value, TwoNames):
        return value.english if language() == "en" else str(value)
    if isinstance(value, datetime):
        return moment(value, "second")
    return gettext(value) if isinstance(value, str) and value else value


def wants_json():
    """True when a program asks, not a person."""
    return request.path.startswith("/api/") or request.is_json


def show_refusal(error):
    """Turn a refusal into the page, the piece or the JSON that the caller can use."""
    db.session.rollback()
    if error.status in {403, 404}:
        _tell_refusal(error.status, str(error))
    if not _may_keep() and (page := _page_of_the_form()) is not None:
        flash(say(error), "bad")
        return redirect(page, 303)
    fields = {name: say(why) for name, why in getattr(error, "fields", {}).items()}
    return _answer_error(error.status, error.code, say(error), fields)


def _tell_refusal(status, sentence):
    signals.request_refused.send(
        current_app._get_current_object(),
        status=status, path=request.path, method=request.method, sentence=sentence,
    )


def _page_of_the_form():
    """The address of our page on which the refused button stood; None when it cannot be shown again.

    Only a browser that sends a whole form says where it comes from; programs and htmx get the
    refusal itself.
    """
    came_from = urlsplit(request.referrer or "")
    if request.method != "POST" or wants_json() or wants_piece():
        return None
    if came_from.netloc != request.host:
        return None
    try:
        current_app.create_url_adapter(request).match(came_from.path, method="GET")
    except HTTPException:  # also a page that is only ever the answer to a form
        return None
    return came_from.path + (f"?{came_from.query}" if came_from.query else "")


def _show_csrf_error(error):
    db.session.rollback()
    sentence = gettext(
        "The page had been open in another session, so nothing was saved. "
        "Go back, reload the page and send it again."
    ) if not _may_keep() else gettext(
        "The page had been open in another session, so nothing was saved. Send it again from here."
    )
    return _answer_error(400, "csrf", sentence)


def _show_http_error(error):
    if isinstance(error, RequestEntityTooLarge):
        most = size_words(request.max_content_length)  # doors for programs and tablets take less than pages
        return _answer_error(413, "http", gettext("What was sent is too large: at most %(most)s.", most=most))
    if error.code is None or error.code < 400:
        return error
    # A guest who misses the way guesses at nothing; whoever is signed in may be trying doors.
    if error.code in {403, 404} and g.get("person") is not None:
        _tell_refusal(error.code, "")
    return show_refusal_of(error.code)


def show_refusal_of(status):
    """The answer for a plain HTTP status."""
    sentence = STATUS_SENTENCES.get(status, STATUS_SENTENCES[400 if status < 500 else 500])
    return _answer_error(status, "http", gettext(sentence))


def show_fault(error):
    db.session.rollback()
    log.exception("fault at %s %r", request.method, request.path)
    if current_app.testing:
        raise error
    return _answer_error(500, "fault", gettext(STATUS_SENTENCES[500]))


def _show_no_database(error):
    """A full disk, a locked or absent database: nothing was stored, and the caller may try again."""
    db.session.rollback()
    about_to_write(False)  # what the answer reads must not wait for the same lock once more
    log.error("the database refused %s %r: %s", request.method, request.path, error.orig)
    g.setdefault("person", None)
    is_full = any(word in str(error.orig).lower() for word in ("full", "no space"))
    sentence = N_(
        "The server's disk is full, so nothing was stored. What was typed stays where it is; tell "
        "the organiser."
    ) if is_full else N_(
        "The server cannot reach its database just now, so nothing was stored. Try again in a moment."
    )
    answer = make_response(_answer_error(503, "disk_full" if is_full else "busy", gettext(sentence)))
    answer.headers["Retry-After"] = "5"
    return answer


def _answer_error(status, code, message, fields=None):
    if "person" not in g:
        # A body too large, or a form without its token, is refused before anybody asked.
        for find in WHO_ASKS:
            find()
    if wants_json():
        return {"error": {"code": code, "message": message, "fields": fields or {}}}, status
    if (kept := _may_keep()) is not None:
        return show_kept_form(
            kept, message, status,
            is_choice_refused=status in (403, 409, 422) and kept_words.has_choice(kept.typed)
            and not set(fields or {}) & set(kept_forms.SECRETS),
        )
    answer = show(
        "error.html", "_notice.html", status=status, message=message, error_status=status,
        form_at=_form_address(),
    )
    if wants_piece():
        answer.headers["HX-Retarget"] = "#notice"
        answer.headers["HX-Reswap"] = "outerHTML"
    return answer


def _may_keep():
    """The form that was typed and would be lost with this refusal, or None: htmx and others keep theirs."""
    return None if wants_json() or wants_piece() else kept_forms.read()


def show_kept_form(
    kept, message, status, must_sign_in=False, is_welcome=False, is_choice_refused=False
):
    """A page with everything that was typed, which a person can send again.

    is_choice_refused: sent again it would be refused again, so it leads to the page of the form first.
    """
    return show(
        "kept_form.html", status=status, kept=kept, message=message, form_at=_form_address(),
        secret_labels=kept_forms.SECRETS, packed=kept_forms.pack(kept) if must_sign_in else None,
        is_welcome=is_welcome, is_choice_refused=is_choice_refused,
        lines=kept_words.lines_of(kept.typed),
    )


def _form_address():
    """The page of ours from which something was sent that was refused, or None."""
    came_from = urlsplit(request.referrer or "")
    if request.method != "POST" or came_from.netloc != request.host:
        return None
    return local_goal(f"{came_from.path}?{came_from.query}".rstrip("?"))


def _note_writing():
    about_to_write(request.method not in {"GET", "HEAD", "OPTIONS"})


def _add_headers(answer):
    answer.headers.setdefault("Content-Security-Policy", POLICY)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["X-App"] = "contest"  # so that a tablet can tell us from a captive portal
    if request.endpoint != "static":
        answer.headers.setdefault("Cache-Control", "no-store")
    return answer


def _facts_for_all():
    return {
        "person": g.get("person"), "locked": g.get("locked"),
        "language": language(),
        "app_name": "匠赛" if language() == "zh" else "Jiangsai",
        "board_url": current_app.config["BOARD_URL"],
        # Where the office is from the board's own server; None when that is not known.
        "office_url": current_app.config["ADDRESS"] if current_app.config["ADDRESS"]
        or not current_app.config["BOARD_URL"] else None,
    }


def outside_address(endpoint, **values):
    """The whole address of a page for whoever is not in this house: a link that is sent, a code on paper.

    CONTEST_ADDRESS where it is set: whoever makes the link may have come in by another, inner address.
    """
    base = current_app.config["ADDRESS"] or request.url_root.rstrip("/")
    return base + url_for(endpoint, **values)


def is_only_here():
    """Whether such a link leads to the very machine on which it is opened, and so nowhere from a phone."""
    host = urlsplit(current_app.config["ADDRESS"] or request.url_root).hostname or ""
    return host in {"localhost", "::1"} or host.startswith("127.")


def named(thing):
    """The name of a plan's piece or row in the language of this request."""
    return pick_name(thing, get_locale().language)


def points(text, places=None):
    """A number of points as it is printed: a Decimal or canonical string, always with `places`."""
    if text is None:
        return "–"
    number = Decimal(text)
    return f"{number:.{places}f}" if places is not None else str(number)


def moment(when, form="minute"):
    """A moment in the installation's time zone, to the minute (or `second`)."""
    if when is None:
        return ""
    local = when.astimezone(ZoneInfo(current_app.config["TIME_ZONE"]))
    return local.strftime("%Y-%m-%d %H:%M:%S" if form == "second" else "%Y-%m-%d %H:%M")


def day(when):
    """A date as year-month-day."""
    return when.isoformat() if when else ""


def local_goal(address):
    """The address to go on to after signing in, only if it is one of ours; else the front page.

    Browsers read a backslash as a slash and drop tabs and line ends, so `/\\t/elsewhere` would
    leave us: none of these is taken.
    """
    is_ours = bool(address) and address.startswith("/") and not address.startswith("//")
    if is_ours and "\\" not in address and address.isprintable():
        return address
    return url_for("accounts.front")


def find_address(endpoint, **known):
    """The address of a page, given more facts than it may need; None when there is no such page.

    Lets an earlier area offer a door to a later one: only the facts that the page's address
    names (contest_id, slug) are used.
    """
    if endpoint not in current_app.view_functions:
        return None
    wanted = [
        rule.arguments - (rule.defaults or {}).keys()
        for rule in current_app.url_map.iter_rules(endpoint)
    ]
    fitting = [names for names in wanted if names <= known.keys()]
    if not fitting:
        return None
    return url_for(endpoint, **{name: known[name] for name in max(fitting, key=len)})


def form_refusal(error, form):
    """The facts a template needs to show a form again: its values, the refusal and each field's reason."""
    if not isinstance(error, Invalid):
        raise TypeError("only Invalid brings a form back")
    return {"refused": error, "values": form, "field_errors": error.fields}

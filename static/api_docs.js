/* Shows the description of the API on its page: /api/v1/docs. */
const place = document.getElementById("main");
window.SwaggerUIBundle({
  url: place.dataset.description,
  domNode: place,
  deepLinking: true,
  validatorUrl: null,
  // A session's cookie would do what a form does; foreign pages cannot send this header.
  requestInterceptor(request) {
    request.headers["X-Contest"] = "1";
    return request;
  },
});

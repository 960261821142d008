/* "Nearest first": the browser tells where the person is, and the page is opened again with that place in its address. */
(function () {
  "use strict";
  document.querySelectorAll("[data-near]").forEach(function (link) {
    if (!navigator.geolocation) {
      link.hidden = true;
      return;
    }
    link.addEventListener("click", function (event) {
      event.preventDefault();
      navigator.geolocation.getCurrentPosition(function (place) {
        var address = new URL(link.href);
        // Four decimals are ten metres: enough to find a station, and no more is told.
        address.searchParams.set("point", place.coords.latitude.toFixed(4) + ", " + place.coords.longitude.toFixed(4));
        window.location.assign(address);
      }, function () {
        link.hidden = true;
      });
    });
  });
})();

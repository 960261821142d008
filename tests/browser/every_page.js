// What a careful reader would see on a page; test_every_page.py runs it in the page itself.
(language) => {
  const texts = [];
  const isShown = (element) =>
    !element.closest("script, style, template, [hidden]") &&
    element.checkVisibility({ visibilityProperty: true });
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim().replace(/\s+/g, " ");
    // A folded part is text as well: it is one tap away.
    if (text && !walker.currentNode.parentElement.closest("script, style, template")) {
      texts.push(text);
    }
  }
  for (const element of document.querySelectorAll("*")) {
    for (const attribute of element.attributes) {
      const isWords = /^(aria-label|aria-description|title|alt|placeholder)$/.test(attribute.name);
      // What a script will say stands in data- attributes; single words there are keys.
      const isSaidLater = attribute.name.startsWith("data-") && attribute.value.includes(" ");
      if (isWords || isSaidLater) texts.push(attribute.value.trim());
    }
    if (element.matches("input[type=submit], input[type=button]")) texts.push(element.value);
  }
  texts.push(document.title);
  const values = [...document.querySelectorAll("input, textarea, select")].map((e) => e.value || "");
  const root = document.documentElement;
  const wide = [...document.querySelectorAll("body *")].filter((element) => {
    const box = element.getBoundingClientRect();
    return isShown(element) && box.width > 0 && box.right > root.clientWidth + 1;
  });
  return {
    lang: root.lang,
    texts,
    values,
    leftovers: document.body.innerText,
    overflow: root.scrollWidth - window.innerWidth,
    wide: wide.slice(0, 3).map((element) => element.outerHTML.slice(0, 120)),
  };
};

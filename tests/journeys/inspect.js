/* Run in the page on the screen: what is wrong with it, and all words on it. */
() => {
  const found = { faults: [], words: [] };
  const spoken = /^(placeholder|title|alt|aria-label|data-(confirm|offline|broken|close|logged-out|local|server|failed|draft-mark))$/;
  const lang = document.documentElement.lang;
  const foreign = (element) => { const own = element.closest("[lang]"); return own && own.lang !== lang; };
  const shown = (element) => element.checkVisibility({ checkVisibilityCSS: true, checkOpacity: false });
  const short = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 110);
  const headings = [...document.querySelectorAll("h1")].filter(shown);
  if (headings.length !== 1) found.faults.push(`${headings.length} h1: ${headings.map((each) => each.innerText)}`);
  const ids = [...document.querySelectorAll("[id]:not([type=hidden])")].map((element) => element.id);
  for (const id of new Set(ids.filter((id, place) => ids.indexOf(id) !== place))) found.faults.push(`twice the id ${id}`);
  for (const field of document.querySelectorAll("input, select, textarea")) {
    if (field.type === "hidden" || field.hidden) continue;
    const named = [...(field.labels ?? [])].some((label) => label.textContent.trim()) || field.getAttribute("aria-label")
      || document.getElementById(field.getAttribute("aria-labelledby"))?.textContent.trim();
    if (!named) found.faults.push(`no label: ${short(field)}`);
  }
  for (const button of document.querySelectorAll("button, a[href], summary, [role=button]")) {
    const image = button.querySelector("img[alt]:not([alt=''])");
    const named = button.textContent.trim() || button.getAttribute("aria-label") || image;
    if (!named) found.faults.push(`no name: ${short(button)}`);
  }
  for (const image of document.querySelectorAll("img:not([alt])")) found.faults.push(`no alt: ${short(image)}`);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const home = node.parentElement;
    if (home.closest("script, style, template, code, .number, .trail details") || foreign(home)) continue;
    const text = node.textContent.replace(/\s+/g, " ").trim();
    if (text) found.words.push(text);
  }
  for (const element of document.body.querySelectorAll("*")) {
    if (foreign(element) || element.matches("code, .number")) continue;
    for (const { name, value } of element.attributes) if (spoken.test(name)) found.words.push(value);
  }
  found.words.push(document.title);
  return { ...found, title: document.title, lang };
}

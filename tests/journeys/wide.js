/* Run in the page on the screen: what sticks out to the right, in words; nothing if all is in sight. */
() => {
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  if (wide <= 0) return "";
  const out = [...document.querySelectorAll("body *")].filter((element) => {
    if (element.getBoundingClientRect().right <= window.innerWidth + 1) return false;
    for (let up = element.parentElement; up; up = up.parentElement) {
      if (getComputedStyle(up).overflowX !== "visible") return false;
    }
    return true;
  });
  return `${wide}px too wide: ${out.slice(0, 3).map((element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 90))}`;
}

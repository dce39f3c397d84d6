/** Marks, in the list of contents, the part that is being read. */

/** The part being read is the last one whose top is above this line, in pixels from the top of the window. */
const READING_LINE = 120;

export function start(nav) {
  const links = new Map();
  for (const link of nav.querySelectorAll("a[href^='#']")) {
    const part = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (part) links.set(part, link);
  }
  if (!links.size) return;

  let waiting = false;
  let current = null;

  function mark() {
    waiting = false;
    let reading = null;
    for (const part of links.keys()) {
      if (part.getBoundingClientRect().top <= READING_LINE) reading = part;
    }
    const atEnd = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 2;
    if (atEnd && window.scrollY > 0) reading = [...links.keys()].at(-1);
    if (reading === current) return;
    if (current) links.get(current).removeAttribute("aria-current");
    current = reading;
    if (!current) return;
    const link = links.get(current);
    link.setAttribute("aria-current", "true");
    // Keep it in sight inside the list, without moving the page
    if (link.offsetTop < nav.scrollTop || link.offsetTop > nav.scrollTop + nav.clientHeight - 40) {
      nav.scrollTop = link.offsetTop - nav.clientHeight / 2;
    }
  }

  function soon() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(mark);
  }

  addEventListener("scroll", soon, { passive: true });
  addEventListener("resize", soon, { passive: true });
  mark();
}

/**
 * Goes from one change of a page to the next: by a button, and by the key n, which can be switched off.
 *
 * Changes are marked with data-change. What is inside a folded part is skipped: nothing changed there.
 */

const STORE = "next-change-key";
const LINE = 90; // pixels from the top of the window, below the bar that holds the button

export function start(bar) {
  const changes = [...document.querySelectorAll("[data-change]")];
  const where = bar.querySelector("[data-where]");
  const toggle = bar.querySelector("[data-key]");
  if (!changes.length) {
    bar.remove();
    return;
  }
  let last = -1;

  function shown(change) {
    return change.getClientRects().length > 0;
  }

  function next() {
    const focused = changes.indexOf(document.activeElement);
    if (focused >= 0) last = focused;
    let at = -1;
    for (let step = 1; step <= changes.length; step += 1) {
      const index = (last + step) % changes.length;
      if (shown(changes[index])) {
        at = index;
        break;
      }
    }
    if (at < 0) return;
    last = at;
    const change = changes[at];
    change.focus({ preventScroll: true });
    window.scrollTo({ top: change.getBoundingClientRect().top + window.scrollY - LINE });
    where.textContent = `Change ${at + 1} of ${changes.length}`;
  }

  function isOn() {
    return localStorage.getItem(STORE) !== "off";
  }

  function show() {
    toggle.setAttribute("aria-pressed", String(isOn()));
    toggle.lastChild.textContent = isOn() ? " is on" : " is off";
  }

  bar.querySelector("[data-next]").addEventListener("click", next);
  toggle.addEventListener("click", () => {
    localStorage.setItem(STORE, isOn() ? "off" : "on");
    show();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "n" || event.ctrlKey || event.metaKey || event.altKey || !isOn()) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    next();
  });
  where.textContent = `${changes.length} ${changes.length === 1 ? "change" : "changes"}`;
  show();
}

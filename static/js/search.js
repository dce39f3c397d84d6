/**
 * A search box that suggests, while one types, what may be meant: an operation, a theme, a force. `/` moves to it.
 *
 *   <div data-module="search" data-suggestions="/address/"><input type="search" name="q">…</div>
 *
 * The address answers `?q=` with links in HTML: each is offered by the words in it, and choosing it follows it. The
 * keys are those of an editable combobox with a list (ARIA Authoring Practices): down and up move through the list,
 * Enter follows what is marked, else searches; Escape closes the list, and once it is closed empties the box.
 */

const WAIT = 150; // milliseconds after the last key

/** Where `/` is a letter and not a wish. */
const TYPING = "input, textarea, select, [contenteditable]:not([contenteditable='false'])";

let listening = false;

function jumpOnSlash() {
  if (listening) return;
  listening = true;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target instanceof Element && event.target.closest(TYPING)) return;
    const field = document.querySelector("[data-module='search'] input");
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}

export function start(box) {
  jumpOnSlash();
  const field = box.querySelector("input");
  const address = box.dataset.suggestions;
  if (!address) return;

  const list = document.createElement("ul");
  list.id = `${field.id}-suggestions`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  list.hidden = true;
  const status = document.createElement("p");
  status.className = "govuk-visually-hidden";
  status.setAttribute("role", "status");
  box.append(list, status);

  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "false");
  field.setAttribute("aria-controls", list.id);

  let marked = -1;
  let waiting = null;
  let asking = null;
  let answered = "";

  const options = () => [...list.children];

  function mark(number) {
    marked = number;
    options().forEach((option, at) => option.setAttribute("aria-selected", String(at === number)));
    const option = list.children[number];
    if (option) {
      field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  }

  function open(opened) {
    list.hidden = !opened;
    field.setAttribute("aria-expanded", String(opened));
    mark(-1);
    if (!opened) status.textContent = "";
  }

  function close() {
    clearTimeout(waiting);
    asking?.abort();
    answered = "";
    open(false);
  }

  function option(link, at) {
    const made = document.createElement("li");
    made.id = `${list.id}-${at}`;
    made.className = "suggestions__option";
    made.setAttribute("role", "option");
    made.setAttribute("aria-selected", "false");
    made.dataset.href = link.getAttribute("href");
    for (const piece of ["text", "kind"]) {
      const words = document.createElement("span");
      words.className = `suggestions__${piece}`;
      words.textContent = link.querySelector(`.suggest__${piece}`)?.textContent.trim() ?? "";
      made.append(words, " ");
    }
    return made;
  }

  async function ask() {
    const typed = field.value.trim();
    if (typed === answered) return;
    asking?.abort();
    asking = new AbortController();
    try {
      const url = `${address}?${new URLSearchParams({ q: typed })}`;
      const answer = await fetch(url, { signal: asking.signal, headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected || document.activeElement !== field) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const links = [...page.querySelectorAll("a.suggest__link")];
      answered = typed;
      list.replaceChildren(...links.map(option));
      open(links.length > 0);
      if (links.length) status.textContent = links.length === 1 ? "1 suggestion" : `${links.length} suggestions`;
    } catch {
      // Not in time, or no connection: the search itself will say so
    }
  }

  function follow(chosen) {
    const href = chosen.dataset.href;
    close();
    location.assign(href);
  }

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    if (field.value.trim().length < 2) close();
    else waiting = setTimeout(ask, WAIT);
  });
  field.addEventListener("keydown", (event) => {
    const many = list.children.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!many) return;
      event.preventDefault();
      if (list.hidden) open(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      // One place more than there are options: the field itself
      mark(((marked + 1 + step + many + 1) % (many + 1)) - 1);
    } else if (event.key === "Enter") {
      if (!list.hidden && marked >= 0) {
        event.preventDefault();
        follow(list.children[marked]);
      } else close();
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
  field.addEventListener("blur", close);
  // A press on an option must not take the focus, or the list would close before the click
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const chosen = event.target.closest("[role='option']");
    if (chosen) follow(chosen);
  });
}

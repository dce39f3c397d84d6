/** Offers what was kept in this browser and never saved: use it, see it, discard it. */

/**
 * `entries` are what was kept, newest first; `same(entry)` whether the form says that already, `use(entry)` puts it
 * there, `drop(entry)` forgets it.
 */
export function offer(form, entries, { same, use, drop }) {
  for (const entry of entries) {
    if (same(entry)) drop(entry);
    else form.before(banner(form, entry, use, drop));
  }
}

function banner(form, entry, use, drop) {
  const box = document.createElement("section");
  box.className = "notice kept";
  box.setAttribute("role", "status");

  const words = made("p", "notice__title", `There is text from ${when(entry.at)} on this computer that was not saved.`);
  const text = what(form, entry);
  text.hidden = true;
  const see = action("See it", () => {
    text.hidden = !text.hidden;
    see.setAttribute("aria-expanded", String(!text.hidden));
    see.textContent = text.hidden ? "See it" : "Hide it";
  });
  see.setAttribute("aria-expanded", "false");
  const actions = made("p", "notice__text kept__actions");
  actions.append(
    action("Use it", () => {
      use(entry);
      drop(entry);
      end("It is in the form now.");
    }),
    see,
    action("Discard it", () => {
      drop(entry);
      end("Discarded.");
    }),
  );

  /** The box stays, so that the focus is not lost and what happened is read out. */
  function end(said) {
    box.replaceChildren(made("p", "notice__text", said));
    box.tabIndex = -1;
    box.focus();
  }

  box.append(words, actions, text);
  return box;
}

/** What was kept, field by field, as text. */
function what(form, entry) {
  const list = made("dl", "kept__text");
  for (const [name, value] of entry.fields) {
    if (!value.trim()) continue;
    const control = form.querySelector(`[name="${CSS.escape(name)}"]`);
    const label = control?.labels?.[0] ?? control?.closest("fieldset")?.querySelector("legend");
    if (control?.type === "hidden" || !label) continue;
    const chosen = control.options && [...control.options].find((option) => option.value === value);
    list.append(made("dt", "kept__field", label.textContent.trim()), made("dd", "kept__value", chosen?.text ?? value));
  }
  return list;
}

function when(at) {
  const then = new Date(at);
  const time = then.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  if (then.toDateString() === new Date().toDateString()) return time;
  return `${then.toLocaleDateString("en-GB", { day: "numeric", month: "long" })}, ${time}`;
}

function action(words, act) {
  const button = made("button", "govuk-button govuk-button--secondary button--small", words);
  button.type = "button";
  button.addEventListener("click", act);
  return button;
}

function made(tag, className, words = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = words;
  return element;
}

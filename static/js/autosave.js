/**
 * Saves a form by itself while it is written, and always says in words how that stands. What the server has not
 * got yet is kept in this browser (kept.js), and offered again to the same person (offer.js).
 *
 *   <form method="post" action="…" data-module="autosave" data-keep-as="person:what" data-keep-key="…"
 *         data-sign-in="…" data-by-itself="yes">
 *     <input type="hidden" name="revision" value="7">
 *     <p data-save-state>Saved 10:32</p>
 *
 * Without data-by-itself the form is saved by its button alone, and kept meanwhile. The server answers a request with
 * `X-Editor: autosave` (by itself) or `save` (by the button) in JSON:
 *   200 {revision, saved, next?, panels?}   409 {reason}   422 {reason}   403 {reason}
 */
const PAUSE = 2000;
const KEEP_PAUSE = 300;
const PATIENCE = 15_000;
const FIRST_RETRY = 2000;
const LAST_RETRY = 60_000;

/** Not a part of what is written. */
const OURS = new Set(["csrfmiddlewaretoken", "revision"]);

export async function start(form, addresses) {
  const [{ shelf }, { offer }] = await Promise.all([import(addresses.kept), import(addresses.offer)]);
  const kept = await shelf(form.dataset.keepAs, form.dataset.keepKey);
  const state = stateOf(form);
  const byItself = form.dataset.byItself === "yes";

  let saved = words(form); // what the server has
  let safe = saved; // what the server or this browser has
  let keeping = 0;
  let waiting = 0;
  let retry = FIRST_RETRY;
  let sending = false;
  let stuck = false; // until somebody does something about it
  let leaving = false;

  const unsaved = () => words(form) !== saved;

  async function keep() {
    clearTimeout(keeping);
    const now = words(form);
    if (now === saved) return kept.drop(kept.mine);
    const done = await kept.put({ fields: fields(form), revision: form.elements.revision?.value });
    if (done) safe = now;
    return done;
  }

  function changed() {
    clearTimeout(keeping);
    keeping = setTimeout(keep, KEEP_PAUSE);
    if (!unsaved() && !stuck) return state.saved();
    if (stuck) return;
    state.unsaved();
    if (byItself) saveIn(PAUSE);
  }

  function saveIn(pause) {
    clearTimeout(waiting);
    waiting = setTimeout(() => save("autosave"), pause);
  }

  /** Send what is written; whether the server has it now. */
  async function save(how, submitter) {
    clearTimeout(waiting);
    if (sending) return how === "save" ? setTimeout(() => save(how, submitter), 100) : saveIn(PAUSE);
    if (how === "autosave" && !unsaved()) return true;
    sending = true;
    state.saving();
    const sent = words(form);
    const answer = await send(form, how, submitter);
    sending = false;
    if (answer.kind !== "saved") {
      await keep();
      return failed(answer, how, submitter);
    }
    stuck = false;
    retry = FIRST_RETRY;
    saved = safe = sent;
    if (form.elements.revision && answer.revision) form.elements.revision.value = answer.revision;
    showPanels(answer.panels);
    state.saved(answer.saved);
    form.dispatchEvent(new CustomEvent("portal:saved"));
    await keep(); // forgets it, unless something was written meanwhile
    if (how === "save" && answer.next && new URL(answer.next, location).pathname !== location.pathname) {
      leaving = true;
      location.assign(answer.next);
    } else if (unsaved()) changed();
    return true;
  }

  /** Send the form as without a script: the page that answers says best what is wrong, and holds what was written. */
  function plainly(submitter) {
    leaving = true;
    form.requestSubmit(submitter);
  }

  function failed(answer, how, submitter) {
    const isKept = words(form) === safe;
    if (how === "save" && ["conflict", "invalid"].includes(answer.kind)) {
      plainly(submitter);
      return false;
    }
    if (answer.kind === "unreachable") {
      saveIn(retry);
      retry = Math.min(retry * 2, LAST_RETRY);
    } else stuck = answer.kind !== "invalid";
    state.failed(answer, isKept, () => plainly());
    return false;
  }

  /** Something has changed that may make saving possible again. */
  function tryAgain() {
    if (document.visibilityState !== "visible" || !unsaved() || state.name === "conflict") return;
    if (!byItself && state.name === "unsaved") return;
    retry = FIRST_RETRY;
    save("autosave");
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", (event) => {
    if (leaving) return;
    event.preventDefault();
    save("save", event.submitter);
  });
  addEventListener("online", tryAgain);
  addEventListener("focus", tryAgain);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") return tryAgain();
    keep();
    if (byItself && unsaved() && !stuck) save("autosave");
  });
  addEventListener("beforeunload", (event) => {
    if (!leaving && unsaved() && words(form) !== safe) event.preventDefault();
  });

  offer(form, await kept.earlier(), {
    same: (entry) => alike(entry.fields, fields(form)),
    drop: (entry) => kept.drop(entry.place),
    use: (entry) => {
      fill(form, entry.fields);
      // From here on it counts as written on what was on the screen then, so that nobody's later words are lost.
      if (form.elements.revision && entry.revision) form.elements.revision.value = entry.revision;
      form.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  form.dataset.autosaveInit = "";
}

function fields(form) {
  return [...new FormData(form)].filter(([name, value]) => !OURS.has(name) && typeof value === "string");
}

function words(form) {
  return new URLSearchParams(fields(form)).toString();
}

/** Whether two sets of fields say the same, whatever the white space. */
function alike(one, other) {
  const plain = (entries) => JSON.stringify(entries.map(([name, value]) => [name, value.replace(/\s+/g, " ").trim()]));
  return plain(one) === plain(other);
}

/** Put what was kept into the form: texts, choices, ticks. */
function fill(form, entries) {
  const by = Map.groupBy ? Map.groupBy(entries, ([name]) => name) : grouped(entries);
  for (const control of form.elements) {
    if (!control.name || OURS.has(control.name) || control.type === "submit" || control.type === "hidden") continue;
    const values = (by.get(control.name) ?? []).map(([, value]) => value);
    if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
    else if (values.length) control.value = values[0];
  }
}

function grouped(entries) {
  const by = new Map();
  for (const entry of entries) by.set(entry[0], [...(by.get(entry[0]) ?? []), entry]);
  return by;
}

async function send(form, how, submitter, again = true) {
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body: new FormData(form, submitter),
      headers: { "X-Editor": how, Accept: "application/json" },
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (response.type === "opaqueredirect") return { kind: "signedOut" };
    const told = response.headers.get("Content-Type")?.includes("json") ? await response.json() : null;
    if (response.ok && told) return { kind: "saved", ...told };
    if (response.status === 403 && !told) return again ? await withFreshToken(form, how, submitter) : { kind: "signedOut" };
    if (response.status >= 500 || response.status === 429) return { kind: "unreachable" };
    const kind = { 409: "conflict", 422: "invalid" }[response.status] ?? "refused";
    return { kind, reason: told?.reason ?? "It is not there any more, or not yours to write" };
  } catch {
    return { kind: "unreachable" };
  }
}

/** After signing in again the form's token is out of date: take that of the page as it is now, if it is still ours. */
async function withFreshToken(form, how, submitter) {
  const page = await fetch(location.href, { redirect: "manual" });
  if (page.type === "opaqueredirect") return { kind: "signedOut" };
  const found = new DOMParser().parseFromString(await page.text(), "text/html");
  const same = found.querySelector(`form[data-keep-as="${form.dataset.keepAs}"] [name=csrfmiddlewaretoken]`);
  if (!same) return { kind: found.querySelector("form[data-keep-as]") ? "someoneElse" : "refused" };
  for (const token of document.querySelectorAll("[name=csrfmiddlewaretoken]")) token.value = same.value;
  return send(form, how, submitter, false);
}

/** What else the page shows of what was saved: findings, who will see it. */
function showPanels(panels = {}) {
  for (const [name, html] of Object.entries(panels)) {
    for (const panel of document.querySelectorAll(`[data-panel="${name}"]`)) {
      if (panel.contains(document.activeElement)) continue; // somebody types there
      panel.innerHTML = html; // rendered by the server, as on the page itself
    }
  }
}

/** The line that says how saving stands; problems are announced, everything else can be looked up. */
function stateOf(form) {
  const line = form.querySelector("[data-save-state]");
  const announced = document.createElement("span");
  announced.className = "govuk-visually-hidden";
  announced.setAttribute("role", "status");
  line.after(announced);
  let last = line.textContent.trim();
  let troubled = false;

  function show(name, text, ...more) {
    state.name = line.dataset.saveState = name;
    line.replaceChildren(text, ...more);
    const trouble = !["saved", "saving", "unsaved"].includes(name);
    if (trouble || (troubled && name === "saved")) announced.textContent = line.textContent;
    if (trouble || name === "saved") troubled = trouble;
  }

  const state = {
    name: "saved",
    saved: (at) => show("saved", (last = at ?? last)),
    saving: () => show("saving", "Saving…"),
    unsaved: () => show("unsaved", "Not saved yet"),
    failed(answer, isKept, compare) {
      const safe = isKept ? "your text is kept in this browser" : "do not close this page";
      if (answer.kind === "unreachable") {
        show("unreachable", isKept ? "Not saved, kept in this browser. Trying again." : "Not saved. Trying again; do not close this page.");
      } else if (answer.kind === "signedOut") {
        show("signedOut", "Signed out: ", link("sign in again in a new tab", form.dataset.signIn), `, ${safe}.`);
      } else if (answer.kind === "someoneElse") {
        show("someoneElse", `Not saved: somebody else is signed in here now. Sign in as yourself again; ${safe}.`);
      } else if (answer.kind === "conflict") {
        show("conflict", `${answer.reason ?? "Someone else changed this"}: `, button("compare the two", compare));
      } else {
        show(answer.kind, `Not saved. ${answer.reason ?? ""} ${safe[0].toUpperCase()}${safe.slice(1)}.`.replace(/\s+/g, " "));
      }
    },
  };
  return state;
}

function link(words, address) {
  const made = document.createElement("a");
  Object.assign(made, { href: address, target: "_blank", rel: "noopener", className: "govuk-link", textContent: words });
  return made;
}

function button(words, act) {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", className: "link-button", textContent: words });
  made.addEventListener("click", act);
  return made;
}

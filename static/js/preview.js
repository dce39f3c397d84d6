/**
 * Shows beside a text what it will look like, as the server renders it.
 *
 *   <div data-module="preview" data-form="part-form">… what it looks like now …</div>
 */
const PAUSE = 700;

export function start(panel) {
  const form = document.getElementById(panel.dataset.form);
  if (!form) return;
  let waiting = 0;
  let asked = null;
  let shown = words(form);

  async function show() {
    const now = words(form);
    if (now === shown) return;
    asked?.abort();
    asked = new AbortController();
    try {
      const response = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Editor": "preview" },
        redirect: "manual",
        signal: asked.signal,
      });
      if (response.ok || response.status === 422) {
        panel.innerHTML = await response.text(); // rendered and cleaned by the server, as on the page itself
        shown = now;
      }
    } catch {
      // Not there at the moment; the state of saving says so
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, PAUSE);
  });
  form.addEventListener("portal:saved", show);
}

function words(form) {
  const fields = new FormData(form);
  fields.delete("csrfmiddlewaretoken");
  fields.delete("revision");
  return new URLSearchParams(fields).toString();
}
